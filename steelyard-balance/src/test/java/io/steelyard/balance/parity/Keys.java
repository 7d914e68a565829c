package io.steelyard.balance.parity;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;

/** Ten thousand keys of a kind, always the same. */
final class Keys {
  static final int COUNT = 10_000;

  private static final String LETTERS =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~";

  private Keys() {}

  static List<String> words() {
    return of(random -> word(random, 40));
  }

  /** Targets with and without directories and query. */
  static List<String> targets() {
    return of(random -> {
      StringBuilder target = new StringBuilder();
      for (int i = random.nextInt(1, 6); i > 0; i--) {
        target
            .append('/')
            .append(target.length() > 1 && random.nextInt(8) == 0 ? "" : word(random, 12));
      }
      if (random.nextBoolean()) {
        target.append("?x=").append(word(random, 10)).append("/y&id=").append(word(random, 9));
      }
      return target.toString();
    });
  }

  static List<String> hosts() {
    return of(random ->
        switch (random.nextInt(4)) {
          case 0 -> "h" + word(random, 9).replace(".", "");
          case 1 -> "www." + word(random, 9) + ".com";
          case 2 -> word(random, 9) + ".org";
          default -> word(random, 5) + "." + word(random, 9) + ".co.uk";
        });
  }

  /** IPv4 and IPv6 addresses as text. */
  static List<String> addresses() {
    return of(random -> {
      byte[] address = new byte[random.nextBoolean() ? 4 : 16];
      random.nextBytes(address);
      address[0] = (byte) (address.length == 4 ? 1 + random.nextInt(200) : 0x20);
      try {
        return InetAddress.getByAddress(address).getHostAddress();
      } catch (java.net.UnknownHostException e) {
        throw new IllegalStateException(e);
      }
    });
  }

  private static List<String> of(Function<SplittableRandom, String> make) {
    SplittableRandom random = new SplittableRandom(7);
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      keys.add(make.apply(random));
    }
    return keys;
  }

  private static String word(SplittableRandom random, int most) {
    StringBuilder word = new StringBuilder();
    for (int i = random.nextInt(1, most); i > 0; i--) {
      word.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    return word.toString();
  }

  static List<byte[]> bytes(List<String> keys) {
    return keys.stream().map(key -> key.getBytes(ISO_8859_1)).toList();
  }

  static List<byte[]> addressBytes(List<String> keys) {
    return keys.stream().map(key -> InetAddress.ofLiteral(key).getAddress()).toList();
  }
}
