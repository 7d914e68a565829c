package io.steelyard.proxy;

/** A listener cannot listen. The message names the listener, the address and the reason. */
public final class ListenException extends Exception {
  ListenException(String message, Throwable cause) {
    super(message, cause);
  }
}
