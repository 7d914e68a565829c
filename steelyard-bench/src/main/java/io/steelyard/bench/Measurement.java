package io.steelyard.bench;

import com.fasterxml.jackson.annotation.JsonValue;

/** What can be asked of every contestant. */
enum Measurement implements Named {
  LOAD("load"),
  MEMORY("memory"),
  SYSCALLS("syscalls"),
  STARTUP("startup");

  private final String label;

  Measurement(String label) {
    this.label = label;
  }

  @JsonValue
  @Override
  public String label() {
    return label;
  }
}
