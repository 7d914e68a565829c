package io.steelyard.packet.bpf;

import io.steelyard.packet.linux.Errno;

/**
 * The kernel refused. The message says what was tried, its answer, and what helps if it is known.
 */
public final class BpfException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final Errno errno;

  BpfException(String what, int error, String hint) {
    super(what + ": " + Errno.describe(error) + (hint.isEmpty() ? "" : "; " + hint));
    this.errno = Errno.of(error);
  }

  /** The kernel's answer. */
  public Errno errno() {
    return errno;
  }
}
