package io.steelyard.packet.bpf;

/** The bytes are not an eBPF object that can be loaded here. The message says what was found. */
public final class ObjectFormatException extends RuntimeException {
  private static final long serialVersionUID = 1;

  ObjectFormatException(String message) {
    super(message);
  }
}
