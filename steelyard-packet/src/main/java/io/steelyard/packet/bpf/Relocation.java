package io.steelyard.packet.bpf;

/** An instruction that refers to something that has a descriptor only when it is loaded. */
sealed interface Relocation {
  /** Where the 16 bytes of the instruction start in the program's code. */
  int at();

  /** The address of a map. */
  record ToMap(int at, String map) implements Relocation {}

  /** A byte of a data section, which is loaded as a map of one value. */
  record ToData(int at, String section, int offset) implements Relocation {}
}
