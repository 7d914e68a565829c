package io.steelyard.model;

import static java.util.Objects.requireNonNull;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** An address, a protocol, and what happens to what arrives there. */
@Doc(
    "An address, a protocol, and what happens to what arrives there. It has either `pool` or `routes`.")
@ExactlyOne({"pool", "routes"})
public record Listener(
    @Doc(
            "Where it listens: `HOST:PORT`, or `:PORT` for every address of this machine. `HOST:PORT-PORT` are all ports of a range, `unix:/PATH` is a Unix socket.")
        @Sockets
        Address address,
    @Doc(
            "What it speaks with its clients: `http`, `tcp` for connections of any protocol, whose bytes it passes on, or `udp` for datagrams.")
        @Default("http")
        Protocol protocol,
    @Doc("The name of the pool that serves everything; short for one route without a condition.")
        @NotEmpty
        @Nullable String pool,
    @Doc(
            "Where requests or connections go; the first route whose condition holds is taken. A request that none takes is answered 404, a connection is closed.")
        @Default("[]")
        @NotEmpty
        List<Route> routes,
    @Doc(
            "The most connections at a time; more wait, not yet accepted, until others end. Of UDP: the most sessions, and datagrams of others are dropped. 0: as many as the system allows.")
        @Default("10000")
        @Range(min = "0", max = "10000000")
        int maxConnections,
    @Doc("How long it waits for its clients.") @Default("{}") ListenerTimeouts timeouts,
    @Doc("What an HTTP client may send at most.") @Default("{}") HttpLimits limits,
    @Doc("What a forwarded HTTP request tells the endpoint about its client.") @Default("{}")
        Forwarding forwarding,
    @Doc("Settings of its sockets.") @Default("{}") ListenerSocket socket,
    @Doc("How it encrypts. Absent: it does not.") @Nullable ListenerTls tls,
    @Doc("HTTP/2 beside HTTP/1.1.") @Default("{}") ListenerHttp2 http2,
    @Doc("How the kernel carries what arrives; with protocol `packet`.")
        @Nullable PacketServiceSpec packet,
    @Doc(
            "Takes the client's address from the header that a proxy in front sends (PROXY protocol, version 1 or 2). Absent: it does not.")
        @Nullable ProxyProtocolSpec proxyProtocol,
    @Doc("What belongs together, of a UDP listener.") @Default("{}") UdpSessions sessions,
    @Doc(
            "FTP through a TCP listener: data goes to the endpoint of its control connection. Absent: it is not read.")
        @Nullable FtpSpec ftp) {
  public Listener {
    requireNonNull(address, "address");
    requireNonNull(protocol, "protocol");
    routes = List.copyOf(routes);
    requireNonNull(timeouts, "timeouts");
    requireNonNull(limits, "limits");
    requireNonNull(forwarding, "forwarding");
    requireNonNull(socket, "socket");
    requireNonNull(http2, "http2");
    requireNonNull(sessions, "sessions");
  }

  /** An HTTP listener that sends everything to one pool, all else at its default. */
  public static Listener http(Address address, String pool) {
    return of(Protocol.HTTP, address, requireNonNull(pool, "pool"), List.of());
  }

  /** An HTTP listener with routes, all else at its default. */
  public static Listener http(Address address, List<Route> routes) {
    return of(Protocol.HTTP, address, null, routes);
  }

  /** A TCP listener that sends everything to one pool, all else at its default. */
  public static Listener tcp(Address address, String pool) {
    return of(Protocol.TCP, address, requireNonNull(pool, "pool"), List.of());
  }

  /** A TCP listener with routes, all else at its default. */
  public static Listener tcp(Address address, List<Route> routes) {
    return of(Protocol.TCP, address, null, routes);
  }

  /** A UDP listener that sends everything to one pool, all else at its default. */
  public static Listener udp(Address address, String pool) {
    return of(Protocol.UDP, address, requireNonNull(pool, "pool"), List.of());
  }

  private static Listener of(
      Protocol protocol, Address address, @Nullable String pool, List<Route> routes) {
    return new Listener(
        address,
        protocol,
        pool,
        routes,
        Shape.of(Listener.class).<Integer>defaultOf("maxConnections"),
        ListenerTimeouts.defaults(),
        HttpLimits.defaults(),
        Forwarding.defaults(),
        ListenerSocket.defaults(),
        null,
        ListenerHttp2.defaults(),
        null,
        null,
        UdpSessions.defaults(),
        null);
  }

  /** A UDP listener with routes, all else at its default. */
  public static Listener udp(Address address, List<Route> routes) {
    return of(Protocol.UDP, address, null, routes);
  }

  /** This with another {@link #ftp}; null for none. */
  public Listener withFtp(@Nullable FtpSpec value) {
    return with("ftp", value);
  }

  /** The routes, where {@link #pool} counts as one route without a condition. */
  public List<Route> effectiveRoutes() {
    return pool == null ? routes : List.of(new Route(null, pool));
  }

  /** This with another {@link #maxConnections}. */
  public Listener withMaxConnections(int value) {
    return with("maxConnections", value);
  }

  /** This with other {@link #timeouts}. */
  public Listener withTimeouts(ListenerTimeouts value) {
    return with("timeouts", value);
  }

  /** This with other {@link #limits}. */
  public Listener withLimits(HttpLimits value) {
    return with("limits", value);
  }

  /** This with other {@link #forwarding}. */
  public Listener withForwarding(Forwarding value) {
    return with("forwarding", value);
  }

  /** This with another {@link #socket}. */
  public Listener withSocket(ListenerSocket value) {
    return with("socket", value);
  }

  /** This with another {@link #tls}; null for none. */
  public Listener withTls(@Nullable ListenerTls value) {
    return with("tls", value);
  }

  /** This with other {@link #http2}. */
  public Listener withHttp2(ListenerHttp2 value) {
    return with("http2", value);
  }

  /** This as a listener of protocol {@link Protocol#PACKET}. */
  public Listener withPacket(PacketServiceSpec value) {
    return with("packet", value).with("protocol", Protocol.PACKET);
  }

  /** This with another {@link #proxyProtocol}; null for none. */
  public Listener withProxyProtocol(@Nullable ProxyProtocolSpec value) {
    return with("proxyProtocol", value);
  }

  /** This with other {@link #sessions}. */
  public Listener withSessions(UdpSessions value) {
    return with("sessions", value);
  }

  private Listener with(String component, @Nullable Object value) {
    return Shape.of(Listener.class).with(this, component, value);
  }
}
