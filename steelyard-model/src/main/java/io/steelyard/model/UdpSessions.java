package io.steelyard.model;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/** What belongs together of a UDP listener's datagrams. */
@Doc(
    "What belongs together of a UDP listener's datagrams. A session is what one client sends from one port, until nothing came for `timeouts.idle`.")
public record UdpSessions(
    @Doc(
            "How many answers each datagram of the client gets. When they have come, the session ends at once. 0: any number.")
        @Default("0")
        @Range(min = "0", max = "1000000")
        int answers,
    @Doc(
            "After so many datagrams of the client the next one begins a new session, so that an endpoint is chosen anew. 1: each datagram by itself. 0: any number.")
        @Default("0")
        @Range(min = "0", max = "1000000")
        int datagrams,
    @Doc("The largest datagram that is passed on; larger ones are dropped.")
        @Default("4KiB")
        @Range(min = "512", max = "65507")
        ByteSize datagramSize,
    @Doc(
            "Finds sessions by the connection ids of QUIC, too, so that a client whose address changes keeps its endpoint. Absent: it does not.")
        @Nullable QuicSessions quic) {
  public UdpSessions {
    requireNonNull(datagramSize, "datagramSize");
  }

  /** This with other {@link #quic}; null for none. */
  public UdpSessions withQuic(@Nullable QuicSessions value) {
    return new UdpSessions(answers, datagrams, datagramSize, value);
  }

  /** The section with every key at its default. */
  public static UdpSessions defaults() {
    return Shape.of(UdpSessions.class).defaults();
  }
}
