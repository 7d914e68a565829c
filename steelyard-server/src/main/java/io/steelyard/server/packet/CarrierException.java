package io.steelyard.server.packet;

import org.jspecify.annotations.Nullable;

/** The packet plane cannot be had. The message says why, for a person. */
public final class CarrierException extends Exception {
  private static final long serialVersionUID = 1;

  CarrierException(String message, @Nullable Throwable cause) {
    super("packet plane: " + message, cause);
  }
}
