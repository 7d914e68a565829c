package io.steelyard.packet.bpf;

/** What holds for any bytes. */
final class ObjectInvariants {
  private ObjectInvariants() {}

  /**
   * Whether the bytes are an object; anything but a refusal or an object that can be used throws.
   */
  static boolean holdFor(byte[] bytes) {
    ObjectFile object;
    try {
      object = ObjectFile.read(bytes);
    } catch (ObjectFormatException refused) {
      return false;
    }
    for (var program : object.programs()) {
      int length = program.code().length;
      require(length > 0 && length % LinkedProgram.INSTRUCTION_BYTES == 0);
      for (var relocation : program.relocations()) {
        // The loader writes 16 bytes there.
        require(relocation.at() >= 0 && relocation.at() + 16 <= length);
      }
    }
    for (var data : object.data()) {
      data.variables()
          .values()
          .forEach(variable ->
              require(
                  variable.offset() >= 0
                      && variable.size() >= 0
                      && variable.offset() + variable.size() <= data.initial().length));
    }
    return true;
  }

  private static void require(boolean condition) {
    if (!condition) {
      throw new AssertionError("an object was read that cannot be loaded");
    }
  }
}
