package io.steelyard.model;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/** How long a listener waits for its clients. */
@Doc("How long a listener waits for its clients.")
public record ListenerTimeouts(
    @Doc(
            "The time to receive a whole request head, from its first byte; of a TCP client, to send what its route depends on: after it, what has come decides.")
        @Default("10s")
        @Range(min = "1ms", max = "24h")
        Duration head,
    @Doc(
            "How long a connection may stay open between two requests, and a UDP session without a datagram.")
        @Default("60s")
        @Range(min = "1ms", max = "24h")
        Duration idle,
    @Doc(
            "How long a request's body may make no progress while it is read, or an answer while it is written.")
        @Default("60s")
        @Range(min = "1ms", max = "24h")
        Duration body) {
  public ListenerTimeouts {
    requireNonNull(head, "head");
    requireNonNull(idle, "idle");
    requireNonNull(body, "body");
  }

  /** The section with every key at its default. */
  public static ListenerTimeouts defaults() {
    return Shape.of(ListenerTimeouts.class).defaults();
  }
}
