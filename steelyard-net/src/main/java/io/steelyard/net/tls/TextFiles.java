package io.steelyard.net.tls;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads the small files that TLS needs. */
final class TextFiles {
  /** More than any chain or list of authorities has. */
  private static final long MOST = 16 * 1024 * 1024;

  private TextFiles() {}

  /**
   * The bytes of a file.
   *
   * @param key the key of the configuration that names it
   */
  static byte[] read(String key, String file) throws TlsException {
    try {
      Path path = Path.of(file);
      if (Files.size(path) > MOST) {
        throw new TlsException(key, file + " has more than 16 MiB, expected a file of that kind");
      }
      return Files.readAllBytes(path);
    } catch (IOException e) {
      throw new TlsException(key, file + " cannot be read: " + reason(e), e);
    }
  }

  private static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> "it does not exist";
      case AccessDeniedException _ -> "permission denied";
      default -> String.valueOf(e.getMessage());
    };
  }
}
