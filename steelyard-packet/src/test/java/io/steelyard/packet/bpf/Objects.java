package io.steelyard.packet.bpf;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Object files among the resources. */
final class Objects {
  private Objects() {}

  static byte[] bytes(String name) {
    try (var in = Objects.class.getResourceAsStream("/io/steelyard/packet/" + name + ".bpf.o")) {
      if (in == null) {
        throw new AssertionError(
            "no object " + name + "; steelyard-packet/src/main/bpf/build makes them");
      }
      return in.readAllBytes();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  static ObjectFile read(String name) {
    return ObjectFile.read(bytes(name));
  }
}
