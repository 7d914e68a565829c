package io.steelyard.codec.dns;

import java.util.Map;

/**
 * The numbers of the types of records (IANA, "Domain Name System Parameters"; RFC 3597 section 5
 * for {@code TYPE65}). Stateless.
 */
public final class DnsType {
  private static final String UNNAMED = "TYPE";
  private static final Map<String, Integer> NUMBERS =
      Map.ofEntries(
          Map.entry("A", 1),
          Map.entry("NS", 2),
          Map.entry("CNAME", 5),
          Map.entry("SOA", 6),
          Map.entry("PTR", 12),
          Map.entry("MX", 15),
          Map.entry("TXT", 16),
          Map.entry("AAAA", 28),
          Map.entry("SRV", 33),
          Map.entry("NAPTR", 35),
          Map.entry("DS", 43),
          Map.entry("DNSKEY", 48),
          Map.entry("TLSA", 52),
          Map.entry("SVCB", 64),
          Map.entry("HTTPS", 65),
          Map.entry("IXFR", 251),
          Map.entry("AXFR", 252),
          Map.entry("ANY", 255),
          Map.entry("CAA", 257));

  private DnsType() {}

  /**
   * The number of a type.
   *
   * @param name in upper case, or {@code TYPE} and the number
   * @throws IllegalArgumentException when that is no type
   */
  public static int number(String name) {
    Integer known = NUMBERS.get(name);
    if (known != null) {
      return known;
    }
    if (!name.startsWith(UNNAMED)) {
      throw new IllegalArgumentException(name + " is not known, expected A, AAAA, TYPE65 …");
    }
    return Integer.parseInt(name.substring(UNNAMED.length()));
  }
}
