package io.steelyard.packet.bpf;

import java.util.Map;

/** A section of variables: {@code .rodata}, {@code .data} or {@code .bss}. */
final class DataSpec {
  private final String section;
  private final byte[] initial;
  private final boolean readOnly;
  private final Map<String, Variable> variables;

  DataSpec(String section, byte[] initial, boolean readOnly, Map<String, Variable> variables) {
    this.section = section;
    this.initial = initial;
    this.readOnly = readOnly;
    this.variables = Map.copyOf(variables);
  }

  /** A variable in bytes from the start of its section. */
  record Variable(int offset, int size) {}

  String section() {
    return section;
  }

  byte[] initial() {
    return initial;
  }

  boolean readOnly() {
    return readOnly;
  }

  /** Where each of them is, by name. */
  Map<String, Variable> variables() {
    return variables;
  }
}
