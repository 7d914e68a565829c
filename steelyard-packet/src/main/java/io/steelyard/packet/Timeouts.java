package io.steelyard.packet;

import java.time.Duration;

/**
 * After which silence a connection is forgotten. The values of {@link #DEFAULT} are LVS's.
 *
 * @param beginning TCP before the client's first ACK
 * @param established TCP
 * @param ending TCP after a FIN or RST
 * @param udp datagrams
 * @param other other protocols
 */
public record Timeouts(
    Duration beginning, Duration established, Duration ending, Duration udp, Duration other) {
  public static final Timeouts DEFAULT =
      new Timeouts(
          Duration.ofSeconds(60),
          Duration.ofMinutes(15),
          Duration.ofMinutes(2),
          Duration.ofMinutes(5),
          Duration.ofMinutes(1));
}
