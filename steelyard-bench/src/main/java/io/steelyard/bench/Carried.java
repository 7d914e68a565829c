package io.steelyard.bench;

import com.fasterxml.jackson.annotation.JsonValue;

/** As what the contestants carry the load, which is HTTP in any case. */
enum Carried implements Named {
  /** As requests: parsed, edited, to reused connections. */
  HTTP("http"),
  /** As connections whose bytes are passed on unread. */
  TCP("tcp");

  private final String label;

  Carried(String label) {
    this.label = label;
  }

  @JsonValue
  @Override
  public String label() {
    return label;
  }
}
