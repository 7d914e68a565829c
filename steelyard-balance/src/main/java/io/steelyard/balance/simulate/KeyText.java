package io.steelyard.balance.simulate;

import io.steelyard.balance.KeySource;
import org.jspecify.annotations.Nullable;

/** What the key of each number looks like to a balancer. */
final class KeyText {
  private static final byte[] NONE = {};

  private KeyText() {}

  /** The bytes; none when the balancer looks at no key. */
  static byte[] of(@Nullable KeySource source, int number) {
    if (source == null) {
      return NONE;
    }
    return switch (source.kind()) {
      // Clients in 10.0.0.0/8, spread over it as those of many networks are.
      case SOURCE_ADDRESS, DESTINATION_ADDRESS -> address(number);
      case URI -> text("/" + number);
      case PARAMETER,
          HEADER,
          COOKIE,
          RDP_COOKIE,
          RADIUS_USER_NAME,
          RADIUS_CALLING_STATION_ID,
          COMMAND_KEY ->
          text(Integer.toString(number));
      case DNS_NAME -> text(number + ".example.com");
    };
  }

  /** The factor is odd: no two numbers below 2^24 meet. */
  private static byte[] address(int number) {
    int host = number * 0x9E3779B1;
    return new byte[] {10, (byte) (host >>> 16), (byte) (host >>> 8), (byte) host};
  }

  private static byte[] text(String key) {
    byte[] bytes = new byte[key.length()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) key.charAt(i);
    }
    return bytes;
  }
}
