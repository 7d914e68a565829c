package io.steelyard.model;

import java.net.InetAddress;
import java.util.regex.Pattern;

/**
 * A network, as the configuration writes it: {@code 10.0.0.0/8}, {@code fd00::/8}, or one address
 * (RFC 4632, RFC 4291 section 2.3). Kept in one form, so that equal networks are equal records.
 *
 * @param address the first address, IPv4 or IPv6 without brackets
 * @param bits how many bits of it all addresses of the network share
 */
public record Cidr(String address, int bits) {
  /** The syntax, as a regular expression that Java and ECMAScript (JSON Schema) read alike. */
  public static final String SYNTAX = "^[0-9A-Fa-f.:]{2,45}(/[0-9]{1,3})?$";

  private static final Pattern PATTERN = Pattern.compile(SYNTAX);
  private static final Pattern FOUR_OCTETS = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
  private static final String EXPECTED =
      ", expected such as 10.0.0.0/8, \"fd00::/8\" or an address";

  /**
   * Reads a network.
   *
   * @throws IllegalArgumentException when the text is none; the message says what was expected
   */
  public static Cidr parse(String text) {
    if (!PATTERN.matcher(text).matches()) {
      throw new IllegalArgumentException(Quote.of(text) + " is not a network" + EXPECTED);
    }
    int slash = text.indexOf('/');
    var first = literal(text, slash < 0 ? text : text.substring(0, slash));
    int most = 8 * first.length;
    int bits = slash < 0 ? most : Integer.parseInt(text.substring(slash + 1));
    if (bits > most) {
      throw new IllegalArgumentException(
          Quote.of(text) + " has a prefix of " + bits + " bits, expected 0 to " + most);
    }
    for (int i = bits; i < most; i++) {
      if ((first[i / 8] >> (7 - i % 8) & 1) != 0) {
        throw new IllegalArgumentException(
            Quote.of(text)
                + " has bits beyond its prefix, expected the first address of a network");
      }
    }
    return new Cidr(written(first), bits);
  }

  private static byte[] literal(String text, String address) {
    if (address.indexOf(':') < 0 && !FOUR_OCTETS.matcher(address).matches()) {
      throw new IllegalArgumentException(Quote.of(text) + " is not a network" + EXPECTED);
    }
    try {
      return InetAddress.ofLiteral(address).getAddress();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(Quote.of(text) + " is not a network" + EXPECTED, e);
    }
  }

  private static String written(byte[] address) {
    return address.length == 16
        ? Ipv6Text.of(address)
        : (address[0] & 0xff)
            + "."
            + (address[1] & 0xff)
            + "."
            + (address[2] & 0xff)
            + "."
            + (address[3] & 0xff);
  }

  /** The first address: 4 or 16 bytes, in network order. */
  public byte[] first() {
    return InetAddress.ofLiteral(address).getAddress();
  }

  /** The network as {@link #parse} reads it. */
  @Override
  public String toString() {
    return address + "/" + bits;
  }
}
