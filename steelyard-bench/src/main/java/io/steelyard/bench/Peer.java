package io.steelyard.bench;

import com.fasterxml.jackson.annotation.JsonValue;

/** Whom Steelyard is compared with. */
enum Peer implements Named {
  NGINX("nginx"),
  HAPROXY("haproxy");

  private final String label;

  Peer(String label) {
    this.label = label;
  }

  @JsonValue
  @Override
  public String label() {
    return label;
  }
}
