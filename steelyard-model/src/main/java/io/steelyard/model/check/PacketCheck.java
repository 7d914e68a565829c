package io.steelyard.model.check;

import io.steelyard.model.Address;
import io.steelyard.model.Configuration;
import io.steelyard.model.KeyPath;
import io.steelyard.model.Listener;
import io.steelyard.model.ListenerSocket;
import io.steelyard.model.ListenerTimeouts;
import io.steelyard.model.PacketPlaneSpec;
import io.steelyard.model.PacketServiceSpec;
import io.steelyard.model.PacketServiceSpec.Mode;
import io.steelyard.model.PacketTunnel;
import io.steelyard.model.Protocol;
import io.steelyard.model.Quote;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds what is wrong with the packet plane and the listeners that it carries. */
final class PacketCheck {
  private static final KeyPath PLANE = KeyPath.ROOT.key("packet");
  private static final KeyPath LISTENERS = KeyPath.ROOT.key("listeners");
  private static final int MOST_LOCAL_ADDRESSES = 64;
  private static final Pattern INTERFACE = Pattern.compile("[A-Za-z0-9@:._-]{1,15}");

  private final Configuration configuration;
  private final Findings findings;
  private final Map<Object, KeyPath> services = new HashMap<>();

  PacketCheck(Configuration configuration, Findings findings) {
    this.configuration = configuration;
    this.findings = findings;
  }

  void all() {
    configuration.listeners().forEach((name, listener) -> listener(listener, LISTENERS.key(name)));
    var plane = configuration.packet();
    if (plane != null) {
      plane(plane);
    }
  }

  private void plane(PacketPlaneSpec plane) {
    if (plane.onStop() == PacketPlaneSpec.OnStop.KEEP && plane.pins().isEmpty()) {
      findings.error(
          PLANE.key("on-stop"), "is keep without 'pins', expected a directory that keeps it all");
    }
    if (!plane.pins().isEmpty() && !plane.pins().startsWith("/")) {
      findings.error(
          PLANE.key("pins"),
          Quote.of(plane.pins()) + " is no absolute path, expected one such as /sys/fs/bpf/x");
    }
    if (plane.xdp() == PacketPlaneSpec.Xdp.GENERIC) {
      findings.warning(
          PLANE.key("xdp"),
          "is generic: several times the cost of native; for drivers that have no other");
    }
    new PacketProtectionCheck(plane.protection(), PLANE.key("protection"), findings).all();
    if (plane.mirror() != null) {
      tap(plane.mirror().tap(), plane.interfaces());
    }
    if (configuration.listeners().values().stream()
        .noneMatch(listener -> listener.protocol() == Protocol.PACKET)) {
      findings.warning(PLANE, "is not used by any listener");
    }
  }

  private void tap(String tap, List<String> interfaces) {
    var here = PLANE.key("mirror");
    if (!INTERFACE.matcher(tap).matches()) {
      findings.error(
          here.key("tap"), Quote.of(tap) + " is no interface's name, expected one such as eth2");
    } else if (interfaces.contains(tap)) {
      findings.error(
          here.key("tap"), Quote.of(tap) + " is one of 'interfaces', expected one of its own");
    }
    if (configuration.listeners().values().stream()
        .map(Listener::packet)
        .noneMatch(service -> service != null && service.mirror())) {
      findings.warning(here, "is not used by any listener, expected one with mirror: true");
    }
  }

  private void listener(Listener listener, KeyPath path) {
    var service = listener.packet();
    if (listener.protocol() != Protocol.PACKET) {
      if (service != null) {
        findings.error(
            path.key("packet"), "stands beside another protocol, expected protocol: packet");
      }
      return;
    }
    if (configuration.packet() == null && !findings.source().isBroken(PLANE)) {
      findings.error(
          path.key("protocol"), "is packet, expected a section 'packet' with its interfaces, too");
    }
    proxyOnly(listener, path);
    if (service == null) {
      if (!findings.source().isBroken(path.key("packet"))) {
        findings.error(path.key("packet"), "is missing, expected it with protocol packet");
      }
      return;
    }
    var address = address(listener.address(), path.key("address"));
    if (address != null && !findings.source().isBroken(path.key("packet"))) {
      service(listener, service, address, path);
    }
  }

  /** What only the proxy does: it would be ignored. {@link ProtocolCheck} knows what is HTTP's. */
  private void proxyOnly(Listener listener, KeyPath path) {
    var why = "has no meaning with protocol packet: the kernel carries its packets";
    if (!listener.routes().isEmpty()) {
      findings.error(path.key("routes"), why + ", expected 'pool'");
    }
    if (!listener.timeouts().equals(ListenerTimeouts.defaults())) {
      findings.error(path.key("timeouts"), why);
    }
    if (!listener.socket().equals(ListenerSocket.defaults())) {
      findings.error(path.key("socket"), why);
    }
    if (listener.proxyProtocol() != null) {
      findings.error(path.key("proxy-protocol"), why);
    }
    if (listener.maxConnections() != Listener.http(listener.address(), "").maxConnections()) {
      findings.error(path.key("max-connections"), why);
    }
  }

  private @Nullable InetAddress address(Address address, KeyPath path) {
    var literal = literal(address.host());
    if (literal == null || literal.isAnyLocalAddress()) {
      findings.error(
          path,
          Quote.of(address.toString())
              + " is not one IP address, expected the virtual address that clients speak to");
      return null;
    }
    return literal;
  }

  private static @Nullable InetAddress literal(String text) {
    try {
      return text.isEmpty() ? null : InetAddress.ofLiteral(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private void service(
      Listener listener, PacketServiceSpec service, InetAddress address, KeyPath path) {
    taken(listener, service, path);
    var here = path.key("packet");
    port(listener, service, path);
    onePacket(service, here);
    persistence(service, address, here);
    tunnel(service, address, here);
    locals(service, address, here);
    clientAddress(service, here);
    mirror(service, here);
    addressInterface(service, here);
    var pool = listener.pool() == null ? null : configuration.pools().get(listener.pool());
    if (pool != null) {
      new PacketPoolCheck(listener, service, address, pool, path, findings).all();
    }
  }

  private void taken(Listener listener, PacketServiceSpec service, KeyPath path) {
    var other = services.putIfAbsent(Map.entry(listener.address(), service.transport()), path);
    if (other != null) {
      findings.error(
          path.key("address"),
          listener.address()
              + " is already taken by "
              + other
              + ", expected an address, a port or a transport of its own for each listener");
    }
  }

  private void port(Listener listener, PacketServiceSpec service, KeyPath path) {
    if (!service.transport().hasPorts() && listener.address().port() != 0) {
      findings.error(
          path.key("address"),
          "has port "
              + listener.address().port()
              + ", and its transport has none, expected port 0");
    }
    if (service.mode() == Mode.FULLNAT && !service.transport().hasPorts()) {
      findings.error(
          path.key("packet").key("transport"),
          "has no ports, by which fullnat tells connections apart, expected tcp or udp");
    }
  }

  private void onePacket(PacketServiceSpec service, KeyPath path) {
    if (service.onePacket()
        && (service.transport() != PacketServiceSpec.Transport.UDP || service.mode().mapsPorts())) {
      findings.error(
          path.key("one-packet"),
          "is for transport udp with mode dr or tun: answers of nat need a connection");
    }
  }

  private void persistence(PacketServiceSpec service, InetAddress address, KeyPath path) {
    var persistence = service.persistence();
    int bits = address.getAddress().length * Byte.SIZE;
    if (persistence == null) {
      return;
    }
    if (persistence.sourcePrefix() > bits) {
      findings.error(
          path.key("persistence").key("source-prefix"),
          "is " + persistence.sourcePrefix() + ", expected no more than the address has: " + bits);
    }
    if (service.scheduler() != null
        && service.scheduler() != PacketServiceSpec.Scheduler.SOURCE_HASH) {
      findings.error(
          path.key("scheduler"),
          "stands beside 'persistence', which chooses by the client's network, expected one of the two");
    }
  }

  private void tunnel(PacketServiceSpec service, InetAddress address, KeyPath path) {
    var tunnel = service.tunnel();
    if (service.mode() != Mode.TUN) {
      if (tunnel != null) {
        findings.error(path.key("tunnel"), "stands beside another mode, expected mode: tun");
      }
      return;
    }
    if (tunnel == null) {
      if (!findings.source().isBroken(path.key("tunnel"))) {
        findings.error(path.key("tunnel"), "is missing, expected it with mode tun");
      }
      return;
    }
    family(tunnel.source(), address, path.key("tunnel").key("source"));
    if (tunnel.mtu() == 0) {
      int header = address instanceof Inet4Address ? 20 : 40;
      int outer = tunnel.encapsulation() == PacketTunnel.Encapsulation.GUE ? header + 8 : header;
      findings.warning(
          path.key("tunnel"),
          "adds "
              + outer
              + " bytes: clients' packets of full size do not fit and are answered \"too big\"; let endpoints"
              + " announce smaller segments, or give 'mtu' when the way to them takes larger packets");
    }
  }

  private void clientAddress(PacketServiceSpec service, KeyPath path) {
    var here = path.key("client-address");
    boolean fullNat = service.mode() == Mode.FULLNAT;
    switch (service.clientAddress()) {
      case NONE -> {}
      case TOA -> {
        if (!fullNat || service.transport() != PacketServiceSpec.Transport.TCP) {
          findings.error(
              here,
              "is toa, an option of TCP for endpoints that do not see the client, expected mode: fullnat and transport: tcp");
        }
      }
      case PROXY_V2 -> {
        if (!fullNat) {
          findings.error(
              here,
              "is proxy-v2, for endpoints that do not see the client, expected mode: fullnat");
        }
      }
    }
  }

  private void mirror(PacketServiceSpec service, KeyPath path) {
    var plane = configuration.packet();
    if (service.mirror() && plane != null && plane.mirror() == null) {
      findings.error(
          path.key("mirror"),
          "is true without " + PLANE.key("mirror") + ", expected it with its tap");
    }
  }

  private void locals(PacketServiceSpec service, InetAddress address, KeyPath path) {
    var here = path.key("local-addresses");
    var locals = service.localAddresses();
    if (service.mode() != Mode.FULLNAT) {
      if (!locals.isEmpty()) {
        findings.error(here, "stand beside another mode, expected mode: fullnat");
      }
      return;
    }
    if (locals.isEmpty() && !findings.source().isBroken(here)) {
      findings.error(here, "are missing, expected them with mode fullnat");
    }
    if (locals.size() > MOST_LOCAL_ADDRESSES) {
      findings.error(
          here, "are " + locals.size() + ", expected " + MOST_LOCAL_ADDRESSES + " at most");
    }
    for (int i = 0; i < locals.size(); i++) {
      family(locals.get(i), address, here.item(i));
    }
    if (service.firstLocalPort() > service.lastLocalPort()) {
      findings.error(
          path.key("first-local-port"),
          "is "
              + service.firstLocalPort()
              + ", expected no more than the last, "
              + service.lastLocalPort());
    }
  }

  private void family(String text, InetAddress service, KeyPath path) {
    var literal = literal(text);
    if (literal == null || literal instanceof Inet4Address != service instanceof Inet4Address) {
      findings.error(
          path,
          Quote.of(text)
              + " is not an address of the listener's family, expected "
              + (service instanceof Inet4Address ? "IPv4" : "IPv6"));
    }
  }

  private void addressInterface(PacketServiceSpec service, KeyPath path) {
    var device = service.addressInterface();
    if (device != null && !device.equals("-") && !INTERFACE.matcher(device).matches()) {
      findings.error(
          path.key("address-interface"),
          Quote.of(device) + " is no interface's name, expected one such as eth0, or '-'");
    }
  }
}
