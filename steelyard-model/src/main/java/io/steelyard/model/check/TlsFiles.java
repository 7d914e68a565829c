package io.steelyard.model.check;

import static java.util.Objects.requireNonNull;

import io.steelyard.model.EndpointTls;
import io.steelyard.model.KeyPath;
import io.steelyard.model.ListenerTls;
import java.util.List;

/**
 * Knows what is in the files that TLS needs, and which ciphers and curves there are; implemented
 * where TLS is.
 */
public interface TlsFiles {
  /** Takes every file for good. */
  TlsFiles ANY =
      new TlsFiles() {
        @Override
        public List<Problem> problems(ListenerTls tls, KeyPath path) {
          return List.of();
        }

        @Override
        public List<Problem> problems(EndpointTls tls, KeyPath path) {
          return List.of();
        }
      };

  /**
   * What is wrong with a listener's TLS.
   *
   * @param path where it stands
   */
  List<Problem> problems(ListenerTls tls, KeyPath path);

  /**
   * What is wrong with a pool's TLS.
   *
   * @param path where it stands
   */
  List<Problem> problems(EndpointTls tls, KeyPath path);

  /**
   * Something that is wrong.
   *
   * @param path the key that it is about
   * @param warning it can be used nevertheless
   * @param message what was found and what was expected
   */
  record Problem(KeyPath path, boolean warning, String message) {
    public Problem {
      requireNonNull(path, "path");
      requireNonNull(message, "message");
    }
  }
}
