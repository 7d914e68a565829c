package io.steelyard.packet;

import org.jspecify.annotations.Nullable;

/**
 * TCP clients of NAT and FullNAT have to show that they are there before there is a connection:
 * their SYN is answered with a cookie (RFC 4987, section 3.6), of which nothing is kept. Such
 * connections have no larger windows, selective acknowledgements or timestamps.
 *
 * @param unfinished under flood: only when more connections of a service begin than go beyond their
 *     SYN, by this much, and for ten seconds more; null: always
 * @param mss the largest segment that a client may send, for IPv4; IPv6 has 20 bytes fewer
 */
public record SynProxy(@Nullable Limit unfinished, int mss) {
  private static final int USUAL_MSS = 1460;
  private static final int LEAST_MSS = 536;
  private static final int MOST_MSS = 8960;

  public SynProxy {
    if (mss < LEAST_MSS || mss > MOST_MSS) {
      throw new IllegalArgumentException(
          "segments of " + mss + " bytes, expected " + LEAST_MSS + " to " + MOST_MSS);
    }
  }

  /** Each SYN is answered so. */
  public static SynProxy always() {
    return new SynProxy(null, USUAL_MSS);
  }

  /** When more than this begin and go no further. */
  public static SynProxy underFlood(Limit unfinished) {
    return new SynProxy(unfinished, USUAL_MSS);
  }
}
