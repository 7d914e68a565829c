package io.steelyard.proxy.ftp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.steelyard.codec.ftp.DataAddress;
import io.steelyard.model.FtpSpec;
import io.steelyard.net.SocketSettings;
import io.steelyard.proxy.listen.ServiceLoop;
import io.steelyard.proxy.stats.EndpointStats;
import io.steelyard.proxy.stats.ListenerStats;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One control connection of FTP, relayed to an endpoint. Where the client and the endpoint agree on
 * a data connection, each is told an address of ours, and what comes there goes to the other.
 *
 * <pre>
 *   PASV, EPSV:  endpoint says where it listens ──► we listen, and say where ──► client connects to us, we to the endpoint
 *   PORT, EPRT:  client says where it listens   ──► we listen, and say where ──► endpoint connects to us, we to the client
 *   AUTH TLS:    once the endpoint agrees, nothing can be read any more
 * </pre>
 *
 * <p>Only the client and the endpoint of the control connection may connect, and nobody else is
 * connected to: a client cannot let us connect elsewhere (RFC 2577 section 3). Data connections end
 * with their control connection. Belongs to its event loop.
 */
public final class FtpControl {
  private final Channel client;
  private final Channel endpoint;
  private final FtpSpec settings;
  private final SocketSettings socket;
  private final ServiceLoop loop;
  private final ListenerStats stats;
  private final EndpointStats endpointStats;
  private final long idleNanos;
  private final ControlLines commands = new ControlLines(this::command);
  private final ControlLines replies = new ControlLines(this::reply);
  private final Set<DataConnection> open = new HashSet<>();
  private boolean passiveAsked;
  private boolean securityAsked;
  private boolean closed;

  /**
   * @param socket how the endpoint is connected to
   * @param idleNanos how long data may stand still
   */
  public FtpControl(
      Channel client,
      Channel endpoint,
      FtpSpec settings,
      SocketSettings socket,
      ServiceLoop loop,
      ListenerStats stats,
      EndpointStats endpointStats,
      long idleNanos) {
    this.client = client;
    this.endpoint = endpoint;
    this.settings = settings;
    this.socket = socket;
    this.loop = loop;
    this.stats = stats;
    this.endpointStats = endpointStats;
    this.idleNanos = idleNanos;
  }

  /** Reads along from now on; the last handlers of both channels are those that relay. */
  public void begin() {
    client.pipeline().addBefore(client.pipeline().lastContext().name(), null, commands);
    endpoint.pipeline().addBefore(endpoint.pipeline().lastContext().name(), null, replies);
    client.closeFuture().addListener(_ -> close());
    endpoint.closeFuture().addListener(_ -> close());
  }

  private void close() {
    closed = true;
    Set.copyOf(open).forEach(DataConnection::close);
  }

  // ---- what the client says ----

  private @Nullable String command(String line, Consumer<String> later) {
    String text = line.strip();
    int space = text.indexOf(' ');
    String verb = (space < 0 ? text : text.substring(0, space)).toUpperCase(Locale.ROOT);
    String argument = space < 0 ? "" : text.substring(space + 1);
    return switch (verb) {
      case "PASV", "EPSV" -> {
        passiveAsked = true;
        yield line;
      }
      case "AUTH" -> {
        securityAsked = true;
        yield line;
      }
      case "PORT" -> active(DataAddress.port(argument), later);
      case "EPRT" -> active(DataAddress.extendedPort(argument), later);
      default -> line;
    };
  }

  private @Nullable String active(@Nullable InetSocketAddress target, Consumer<String> later) {
    if (target == null) {
      tellClient("501 That is no address.\r\n");
      return "";
    }
    if (!target.getAddress().equals(address(client.remoteAddress()))) {
      tellClient("500 Data goes to the address that you come from, not to another.\r\n");
      return "";
    }
    listen(
        address(endpoint.localAddress()),
        0,
        0,
        new DataConnection.Ends(
            address(endpoint.remoteAddress()), target, new SocketSettings(true, false), false),
        bound -> {
          if (bound == null) {
            tellClient("425 No port is free for data.\r\n");
          }
          later.accept(bound == null ? "" : DataAddress.command(bound));
        });
    return null;
  }

  private void tellClient(String line) {
    client.writeAndFlush(Unpooled.copiedBuffer(line, ISO_8859_1), client.voidPromise());
  }

  // ---- what the endpoint says ----

  private @Nullable String reply(String line, Consumer<String> later) {
    if (line.length() < 4 || line.charAt(3) != ' ') {
      return line; // within an answer of several lines
    }
    if (securityAsked) {
      securityAsked = false;
      if (line.startsWith("234")) {
        commands.pass();
        replies.pass();
      }
      return line;
    }
    if (!passiveAsked) {
      return line;
    }
    return switch (line.substring(0, 3)) {
      case "227" -> {
        InetSocketAddress told = DataAddress.passive(line);
        yield passive(told == null ? -1 : told.getPort(), false, line, later);
      }
      case "229" -> passive(DataAddress.extendedPassive(line), true, line, later);
      default -> {
        passiveAsked = line.charAt(0) < '4';
        yield line;
      }
    };
  }

  private @Nullable String passive(
      int port, boolean extended, String line, Consumer<String> later) {
    passiveAsked = false;
    InetAddress told = toldAddress();
    if (port < 0) {
      return line;
    }
    if (!extended && !(told instanceof Inet4Address)) {
      return "522 Use EPSV.\r\n";
    }
    listen(
        address(client.localAddress()),
        settings.firstPort(),
        settings.lastPort(),
        new DataConnection.Ends(
            address(client.remoteAddress()),
            // the endpoint's own address, whatever it says: NAT, or worse, may be behind that
            new InetSocketAddress(address(endpoint.remoteAddress()), port),
            socket,
            true),
        bound ->
            later.accept(
                bound == null
                    ? "425 No port is free for data.\r\n"
                    : extended
                        ? DataAddress.extendedPassiveAnswer(bound.getPort())
                        : DataAddress.passiveAnswer(told, bound.getPort())));
    return null;
  }

  private InetAddress toldAddress() {
    String advertised = settings.advertisedAddress();
    return advertised == null ? address(client.localAddress()) : InetAddress.ofLiteral(advertised);
  }

  // ---- data ----

  private void listen(
      InetAddress host,
      int firstPort,
      int lastPort,
      DataConnection.Ends ends,
      Consumer<@Nullable InetSocketAddress> bound) {
    new DataConnection(this, ends).listen(host, firstPort, lastPort, bound);
  }

  /** What may come has to be closed with the control connection; false when that is closed. */
  boolean opened(DataConnection data) {
    return !closed && open.add(data);
  }

  void ended(DataConnection data) {
    open.remove(data);
  }

  ServiceLoop loop() {
    return loop;
  }

  ListenerStats stats() {
    return stats;
  }

  EndpointStats endpointStats() {
    return endpointStats;
  }

  long idleNanos() {
    return idleNanos;
  }

  long dataNanos() {
    return settings.dataTimeout().toNanos();
  }

  private static InetAddress address(@Nullable SocketAddress address) {
    return address instanceof InetSocketAddress known
        ? known.getAddress()
        : InetAddress.getLoopbackAddress(); // it is closed by now
  }
}
