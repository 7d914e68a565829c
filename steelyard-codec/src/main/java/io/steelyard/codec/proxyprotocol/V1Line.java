package io.steelyard.codec.proxyprotocol;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The line of version 1 (section 2.1): {@code PROXY TCP4 10.0.0.1 10.0.0.2 56324 443}. */
final class V1Line {
  private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
  private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]{2,45}");
  private static final Pattern PORT = Pattern.compile("0|[1-9][0-9]{0,4}");
  private static final int MOST_PORT = 65_535;

  private V1Line() {}

  /** What the line, without its end, says; null when it breaks the rules. */
  static @Nullable ProxyHeader parse(String line) {
    if (line.equals("PROXY UNKNOWN") || line.startsWith("PROXY UNKNOWN ")) {
      return ProxyHeader.LOCAL; // what follows is to be ignored
    }
    String[] words = line.split(" ", -1);
    if (words.length != 6) {
      return null;
    }
    boolean isFour = words[1].equals("TCP4");
    if (!isFour && !words[1].equals("TCP6")) {
      return null;
    }
    InetSocketAddress source = address(isFour, words[2], words[4]);
    InetSocketAddress destination = address(isFour, words[3], words[5]);
    return source == null || destination == null ? null : ProxyHeader.of(source, destination);
  }

  private static @Nullable InetSocketAddress address(boolean isFour, String host, String port) {
    if (!(isFour ? IPV4 : IPV6).matcher(host).matches()
        || !PORT.matcher(port).matches()
        || Integer.parseInt(port) > MOST_PORT) {
      return null;
    }
    try {
      InetAddress address = InetAddress.ofLiteral(host);
      // An IPv4 address in IPv6's clothes comes back as IPv4, which is what it is.
      return isFour && !(address instanceof Inet4Address)
          ? null
          : new InetSocketAddress(address, Integer.parseInt(port));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
