package io.steelyard.server.agent;

import java.net.InetAddress;

/**
 * Addresses that begin alike.
 *
 * @param prefixLength how many bits
 */
public record Network(InetAddress address, int prefixLength) {
  /**
   * Reads {@code 10.0.0.0/28}, or an address alone.
   *
   * @throws IllegalArgumentException when it is neither
   */
  public static Network parse(String text) {
    int slash = text.indexOf('/');
    try {
      var address = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
      int bits = address.getAddress().length * Byte.SIZE;
      int length = slash < 0 ? bits : Integer.parseInt(text.substring(slash + 1));
      if (length < 0 || length > bits) {
        throw new IllegalArgumentException("length " + length);
      }
      return new Network(address, length);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "'" + text + "' is no network, expected one such as 10.0.0.0/28 or an address", e);
    }
  }
}
