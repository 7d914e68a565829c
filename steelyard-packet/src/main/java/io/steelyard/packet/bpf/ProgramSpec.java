package io.steelyard.packet.bpf;

import java.util.List;

/** A program as an object file has it, with the functions that it calls behind its instructions. */
final class ProgramSpec {
  private final String name;
  private final String section;
  private final byte[] code;
  private final List<Relocation> relocations;

  ProgramSpec(String name, String section, byte[] code, List<Relocation> relocations) {
    this.name = name;
    this.section = section;
    this.code = code;
    this.relocations = List.copyOf(relocations);
  }

  String name() {
    return name;
  }

  /** What kind of program it is, told by its section. */
  ProgramKind kind() {
    return ProgramKind.ofSection(section);
  }

  /** The instructions, 8 bytes each; references are open until relocations are applied. */
  byte[] code() {
    return code;
  }

  List<Relocation> relocations() {
    return relocations;
  }
}
