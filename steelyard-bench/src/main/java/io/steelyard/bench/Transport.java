package io.steelyard.bench;

import com.fasterxml.jackson.annotation.JsonValue;

/** A transport of Steelyard; each is a contestant of its own. Labels are the configuration's. */
enum Transport implements Named {
  EPOLL("epoll"),
  IO_URING("io-uring"),
  NIO("nio");

  private final String label;

  Transport(String label) {
    this.label = label;
  }

  @JsonValue
  @Override
  public String label() {
    return label;
  }
}
