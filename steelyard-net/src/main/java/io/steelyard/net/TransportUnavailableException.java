package io.steelyard.net;

/** This machine cannot do what the configured transport needs. The message says what is missing. */
public final class TransportUnavailableException extends Exception {
  TransportUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }

  TransportUnavailableException(String message) {
    super(message);
  }
}
