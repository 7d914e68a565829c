package io.steelyard.model;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A host and a port: {@code 10.0.0.1:80}, {@code [::1]:80}, {@code app.internal:80}, or {@code :80}
 * for every address of this machine. Names are not resolved here. The host is kept in one form
 * (names in lower case, IPv6 as RFC 5952 writes it), so that equal addresses are equal records.
 *
 * <p>Listeners and endpoints may have several ports, {@code 10.0.0.1:6000-6009}, or a Unix socket,
 * {@code unix:/run/app.sock}.
 *
 * @param host an IPv4 address, an IPv6 address without brackets, a name, or empty for every address
 *     of this machine; the path of a Unix socket, which begins with a slash
 * @param port 0 to 65535; 0 lets the system choose the port of a listener, and stands beside a path
 * @param lastPort of a range; {@code port} where there is one alone
 */
public record Address(String host, int port, int lastPort) {
  /**
   * The syntax, as a regular expression that Java and ECMAScript (JSON Schema) read alike; looser
   * than {@link #parse}.
   */
  public static final String SYNTAX =
      "^(\\[[0-9A-Fa-f:.]+(%[A-Za-z0-9._-]+)?\\]|[A-Za-z0-9._-]*):[0-9]{1,5}$";

  /** The same for {@link #parseSockets}. */
  public static final String SOCKETS_SYNTAX =
      "^((\\[[0-9A-Fa-f:.]+(%[A-Za-z0-9._-]+)?\\]|[A-Za-z0-9._-]*):[0-9]{1,5}(-[0-9]{1,5})?|unix:/.+)$";

  /** What the kernel has for the path of a socket, less the end and what a new one is called. */
  private static final int MOST_PATH_BYTES = 100;

  private static final String UNIX = "unix:";

  private static final String EXPECTED =
      ", expected HOST:PORT such as 10.0.0.1:80, \"[::1]:80\" or app.internal:80, or :PORT";
  private static final Pattern DIGITS_AND_DOTS = Pattern.compile("[0-9.]+");
  private static final Pattern IPV4 =
      Pattern.compile(
          "(OCTET\\.){3}OCTET".replace("OCTET", "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"));
  private static final Pattern NAME =
      Pattern.compile(
          "(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*\\.?");

  /**
   * Checks and normalises.
   *
   * @throws IllegalArgumentException when the host or the port cannot be one
   */
  public Address {
    host = normalise(host);
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port " + port + " is out of range, expected 0 to 65535");
    }
    if (lastPort != port && (lastPort < port || lastPort > 65_535 || port == 0)) {
      throw new IllegalArgumentException(
          "ports "
              + port
              + "-"
              + lastPort
              + " are no range, expected the lower of 1 to 65535 first");
    }
  }

  /** An address with one port. */
  public Address(String host, int port) {
    this(host, port, port);
  }

  /**
   * Reads the address of a listener or an endpoint: as {@link #parse} does, or with a range of
   * ports, or {@code unix:} and a path.
   *
   * @throws IllegalArgumentException when the text is no such address; the message says what was
   *     expected
   */
  public static Address parseSockets(String text) {
    if (text.startsWith(UNIX)) {
      return new Address(path(text), 0);
    }
    int colon = text.lastIndexOf(':');
    int dash = text.indexOf('-', colon + 1);
    if (colon < 0 || dash < 0) {
      return parse(text);
    }
    Address first = parse(text.substring(0, dash));
    return new Address(first.host, first.port, parsePort(text, text.substring(dash + 1)));
  }

  private static String path(String text) {
    var path = text.substring(UNIX.length());
    if (!path.startsWith("/") || path.endsWith("/") || path.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          Quote.of(text)
              + " is no Unix socket, expected unix: and a whole path such as unix:/run/app.sock");
    }
    int bytes = path.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MOST_PATH_BYTES) {
      throw new IllegalArgumentException(
          "the path of a Unix socket has "
              + bytes
              + " bytes, expected "
              + MOST_PATH_BYTES
              + " at most, for the kernel takes no longer ones");
    }
    return path;
  }

  /**
   * Reads an address.
   *
   * @throws IllegalArgumentException when the text is not an address; the message says what was
   *     expected
   */
  public static Address parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 0 || text.endsWith("]")) {
      throw new IllegalArgumentException(Quote.of(text) + " has no port" + EXPECTED);
    }
    var host = text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
      if (host.indexOf(':') < 0) {
        throw new IllegalArgumentException(
            Quote.of(text) + " has no IPv6 address in its brackets" + EXPECTED);
      }
    } else if (host.indexOf(':') >= 0) {
      throw new IllegalArgumentException(
          Quote.of(text) + " is not an address: an IPv6 address is written in brackets" + EXPECTED);
    }
    return new Address(host, parsePort(text, text.substring(colon + 1)));
  }

  private static int parsePort(String text, String port) {
    if (port.isEmpty() || port.length() > 5 || !port.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new IllegalArgumentException(Quote.of(text) + " has no valid port" + EXPECTED);
    }
    return Integer.parseInt(port);
  }

  private static String normalise(String host) {
    if (host.isEmpty() || host.startsWith("/")) {
      return host;
    }
    if (host.indexOf(':') >= 0) {
      return normaliseIpv6(host);
    }
    var name = host.toLowerCase(Locale.ROOT);
    var syntax = DIGITS_AND_DOTS.matcher(name).matches() ? IPV4 : NAME;
    if (!syntax.matcher(name).matches()) {
      throw new IllegalArgumentException(
          Quote.of(host)
              + " is not a host, expected an IPv4 address, an IPv6 address in brackets or a name");
    }
    return name;
  }

  private static String normaliseIpv6(String host) {
    // The zone is kept aside: the JDK would look for that interface on this machine, which need not
    // be the one that serves.
    int percent = host.indexOf('%');
    var literal = percent < 0 ? host : host.substring(0, percent);
    try {
      var address = InetAddress.ofLiteral(literal);
      return address instanceof Inet6Address
          ? Ipv6Text.of(address.getAddress()) + host.substring(literal.length())
          : address.getHostAddress();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(Quote.of(host) + " is not an IPv6 address", e);
    }
  }

  /**
   * Whether this stands for every address of the machine: an empty host, {@code 0.0.0.0} or {@code
   * ::}.
   */
  public boolean isWildcard() {
    return host.isEmpty() || host.equals("0.0.0.0") || host.equals("::");
  }

  /** Whether the host is a name, which leads to addresses. */
  public boolean isName() {
    return !host.isEmpty()
        && !isUnix()
        && host.indexOf(':') < 0
        && !DIGITS_AND_DOTS.matcher(host).matches();
  }

  /** Whether this is a Unix socket: {@link #host} is its path, and there is no port. */
  public boolean isUnix() {
    return host.startsWith("/");
  }

  /** How many ports there are: 1 but for a range. */
  public int ports() {
    return lastPort - port + 1;
  }

  /** The address as {@link #parseSockets} reads it. */
  @Override
  public String toString() {
    if (isUnix()) {
      return UNIX + host;
    }
    String one = host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    return ports() == 1 ? one : one + "-" + lastPort;
  }
}
