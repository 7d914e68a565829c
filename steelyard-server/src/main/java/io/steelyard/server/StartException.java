package io.steelyard.server;

import static java.util.Objects.requireNonNull;

/** The server cannot start. The message says why, for a person. */
public final class StartException extends Exception {
  private final Part part;

  /** What it is that cannot be had. */
  public enum Part {
    TRANSPORT,
    ACCESS_LOG,
    ADMIN,
    LISTENER,
    PACKET
  }

  StartException(Part part, Exception cause) {
    super(cause.getMessage(), cause);
    this.part = requireNonNull(part, "part");
  }

  public Part part() {
    return part;
  }
}
