package io.steelyard.codec.ftp;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the addresses of data connections: {@code PORT} and the answer to {@code PASV}
 * (RFC 959 sections 4.1.2 and 4.2), {@code EPRT} and the answer to {@code EPSV} (RFC 2428).
 * Stateless; never throws for what a peer sent.
 */
public final class DataAddress {
  private static final String BYTE = "([0-9]{1,3})";
  private static final Pattern SIX =
      Pattern.compile(String.join(",", BYTE, BYTE, BYTE, BYTE, BYTE, BYTE));
  private static final Pattern EXTENDED_PORT =
      Pattern.compile("([!-~])([12])\\1([0-9A-Fa-f:.]{2,45})\\1([0-9]{1,5})\\1");
  private static final Pattern EXTENDED_PASSIVE =
      Pattern.compile("\\(([!-~])\\1\\1([0-9]{1,5})\\1\\)");

  private DataAddress() {}

  /** The argument of PORT; null when it is none. */
  public static @Nullable InetSocketAddress port(String argument) {
    Matcher six = SIX.matcher(argument.strip());
    return six.matches() ? address(six) : null;
  }

  /** The argument of EPRT; null when it is none. */
  public static @Nullable InetSocketAddress extendedPort(String argument) {
    Matcher matcher = EXTENDED_PORT.matcher(argument.strip());
    if (!matcher.matches()) {
      return null;
    }
    int port = Integer.parseInt(matcher.group(4));
    try {
      InetAddress host = InetAddress.ofLiteral(matcher.group(3));
      boolean isFour = host instanceof Inet4Address;
      return port == 0 || port > 65_535 || isFour != matcher.group(2).equals("1")
          ? null
          : new InetSocketAddress(host, port);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** The address in an answer 227; null when there is none. */
  public static @Nullable InetSocketAddress passive(String line) {
    Matcher six = SIX.matcher(line);
    return six.find(Math.min(4, line.length())) ? address(six) : null;
  }

  /** The port in an answer 229; -1 when there is none. */
  public static int extendedPassive(String line) {
    Matcher matcher = EXTENDED_PASSIVE.matcher(line);
    int port = matcher.find() ? Integer.parseInt(matcher.group(2)) : -1;
    return port > 0 && port <= 65_535 ? port : -1;
  }

  private static @Nullable InetSocketAddress address(Matcher six) {
    byte[] host = new byte[4];
    int[] values = new int[6];
    for (int i = 0; i < values.length; i++) {
      values[i] = Integer.parseInt(six.group(i + 1));
      if (values[i] > 255) {
        return null;
      }
      if (i < host.length) {
        host[i] = (byte) values[i];
      }
    }
    int port = values[4] << 8 | values[5];
    try {
      return port == 0 ? null : new InetSocketAddress(InetAddress.getByAddress(host), port);
    } catch (java.net.UnknownHostException e) {
      throw new IllegalStateException("4 bytes are an address", e);
    }
  }

  /** The command that tells a server where to connect to, with its CR LF. */
  public static String command(InetSocketAddress address) {
    InetAddress host = address.getAddress();
    return host instanceof Inet4Address
        ? "PORT " + six(host, address.getPort()) + "\r\n"
        : "EPRT |2|" + text(host) + "|" + address.getPort() + "|\r\n";
  }

  /** The answer to PASV, with its CR LF. */
  public static String passiveAnswer(InetAddress host, int port) {
    return "227 Entering Passive Mode (" + six(host, port) + ").\r\n";
  }

  /** The answer to EPSV, with its CR LF. */
  public static String extendedPassiveAnswer(int port) {
    return "229 Entering Extended Passive Mode (|||" + port + "|)\r\n";
  }

  private static String six(InetAddress host, int port) {
    return host.getHostAddress().replace('.', ',') + "," + (port >> 8) + "," + (port & 255);
  }

  private static String text(InetAddress host) {
    String text = host.getHostAddress();
    int zone = text.indexOf('%');
    return (zone < 0 ? text : text.substring(0, zone)).toLowerCase(Locale.ROOT);
  }
}
