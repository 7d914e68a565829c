package io.steelyard.net;

/** This machine cannot do what the configured transport needs. The message says what is missing. */
public final class TransportUnavailableException extends Exception {
  private TransportUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }

  TransportUnavailableException(String message) {
    super(message);
  }

  /** {@code what} went wrong, and the reason that lies deepest in {@code cause}. */
  static TransportUnavailableException because(String what, Throwable cause) {
    Throwable deepest = cause;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    String reason = deepest.getMessage();
    return new TransportUnavailableException(
        what + ": " + (reason == null ? deepest : reason), cause);
  }
}
