package io.steelyard.net.tls;

/** Something that TLS needs cannot be used. The message says what was found and expected. */
public final class TlsException extends Exception {
  /** Which key of the configuration it is about, such as {@code key}; empty for the whole. */
  private final String key;

  TlsException(String key, String message) {
    super(message);
    this.key = key;
  }

  TlsException(String key, String message, Throwable cause) {
    super(message, cause);
    this.key = key;
  }

  String key() {
    return key;
  }

  /** The message; never null. */
  String text() {
    return String.valueOf(getMessage());
  }
}
