package io.steelyard.packet;

import java.util.Map;

/**
 * What happened to a service since it began. Active and inactive connections are those of the last
 * {@linkplain ForwardingPlane#sweep sweep}.
 */
public record Counters(
    Map<PacketEndpoint, EndpointCounters> endpoints,
    Map<DropReason, Long> drops,
    Handshakes handshakes) {
  public Counters {
    endpoints = Map.copyOf(endpoints);
    drops = Map.copyOf(drops);
  }

  /**
   * Of one endpoint.
   *
   * @param packets from clients
   * @param bytes of these, from the IP header on
   * @param answerPackets to clients; 0 in DR and TUN, whose answers do not pass here
   * @param answerBytes of these
   * @param connections begun
   * @param active established, or of a protocol that has no states
   * @param inactive beginning or ending
   */
  public record EndpointCounters(
      long packets,
      long bytes,
      long answerPackets,
      long answerBytes,
      long connections,
      long active,
      long inactive) {}

  /**
   * Of the SYN proxy.
   *
   * @param cookies sent in answer to a SYN
   * @param opened connections that began when one came back
   */
  public record Handshakes(long cookies, long opened) {
    /** None. */
    public static final Handshakes NONE = new Handshakes(0, 0);
  }

  /** All endpoints together. */
  public EndpointCounters total() {
    long[] sum = new long[7];
    for (var each : endpoints.values()) {
      sum[0] += each.packets;
      sum[1] += each.bytes;
      sum[2] += each.answerPackets;
      sum[3] += each.answerBytes;
      sum[4] += each.connections;
      sum[5] += each.active;
      sum[6] += each.inactive;
    }
    return new EndpointCounters(sum[0], sum[1], sum[2], sum[3], sum[4], sum[5], sum[6]);
  }
}
