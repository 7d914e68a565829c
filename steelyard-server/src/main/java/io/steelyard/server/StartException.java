package io.steelyard.server;

/** The server cannot start. The message says why, for a person. */
public final class StartException extends Exception {
  StartException(String message, Throwable cause) {
    super(message, cause);
  }
}
