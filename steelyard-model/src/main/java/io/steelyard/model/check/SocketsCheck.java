package io.steelyard.model.check;

import io.steelyard.model.Address;
import io.steelyard.model.Configuration;
import io.steelyard.model.EndpointSpec;
import io.steelyard.model.KeyPath;
import io.steelyard.model.Kind;
import io.steelyard.model.Listener;
import io.steelyard.model.Pool;
import io.steelyard.model.Protocol;
import io.steelyard.model.Route;
import io.steelyard.model.TransportKind;
import java.util.Objects;

/** Checks Unix sockets and ranges of ports: who can have them, and that ranges fit each other. */
final class SocketsCheck {
  private static final KeyPath LISTENERS = KeyPath.ROOT.key("listeners");
  private static final KeyPath POOLS = KeyPath.ROOT.key("pools");

  /** Each port is a socket, or one per event loop. */
  private static final int MOST_PORTS = 4096;

  private final Configuration configuration;
  private final Findings findings;

  SocketsCheck(Configuration configuration, Findings findings) {
    this.configuration = configuration;
    this.findings = findings;
  }

  void all() {
    configuration.listeners().forEach((name, listener) -> listener(listener, LISTENERS.key(name)));
    configuration.pools().forEach((name, pool) -> pool(pool, POOLS.key(name)));
  }

  private void listener(Listener listener, KeyPath path) {
    Address address = listener.address();
    KeyPath here = path.key("address");
    if (address.isUnix()) {
      unixListener(listener, here);
    } else if (address.ports() > MOST_PORTS) {
      findings.error(
          here, "has " + address.ports() + " ports, expected " + MOST_PORTS + " at most");
    } else if (address.ports() > 1 && listener.protocol() == Protocol.PACKET) {
      findings.error(here, "is a range of ports, expected one port with protocol packet");
    }
    listener.effectiveRoutes().stream()
        .map(Route::pool)
        .filter(Objects::nonNull)
        .distinct()
        .forEach(pool -> endpoints(pool, listener, path));
  }

  private void unixListener(Listener listener, KeyPath here) {
    switch (listener.protocol()) {
      case HTTP, TCP -> epollAlone(here);
      case UDP, PACKET ->
          findings.error(
              here,
              "is a Unix socket, which carries connections, expected HOST:PORT with protocol "
                  + Kind.Choice.word(listener.protocol()));
    }
  }

  private void epollAlone(KeyPath here) {
    TransportKind transport = configuration.transport();
    if (transport != null && transport != TransportKind.EPOLL) {
      findings.error(
          here,
          "is a Unix socket, which transport "
              + Kind.Choice.word(transport)
              + " does not have, expected HOST:PORT, or transport: epoll");
    }
  }

  private void endpoints(String name, Listener listener, KeyPath path) {
    Pool pool = configuration.pools().get(name);
    for (int i = 0; pool != null && i < pool.endpoints().size(); i++) {
      Address address = pool.endpoints().get(i).address();
      KeyPath here = POOLS.key(name).key("endpoints").item(i).key("address");
      if (address.isUnix() && listener.protocol() == Protocol.UDP) {
        findings.error(
            here,
            "is a Unix socket, which carries connections, expected HOST:PORT: datagrams of "
                + path
                + " go there");
      } else if (address.ports() > 1) {
        range(address, listener, here, path);
      }
    }
  }

  private void range(Address address, Listener listener, KeyPath here, KeyPath path) {
    if (listener.protocol() != Protocol.TCP && listener.protocol() != Protocol.UDP) {
      findings.error(
          here,
          "is a range of ports, which is for protocol tcp and udp, expected one port: "
              + path
              + " has protocol "
              + Kind.Choice.word(listener.protocol()));
    } else if (address.ports() != listener.address().ports()) {
      findings.error(
          here,
          "has "
              + address.ports()
              + " ports and "
              + path
              + " has "
              + listener.address().ports()
              + ", expected as many, or one");
    }
  }

  private void pool(Pool pool, KeyPath path) {
    for (int i = 0; i < pool.endpoints().size(); i++) {
      EndpointSpec endpoint = pool.endpoints().get(i);
      KeyPath here = path.key("endpoints").item(i);
      if (endpoint.address().isUnix()) {
        unixEndpoint(endpoint, pool, here, path);
      } else if (endpoint.address().ports() > 1 && endpoint.address().isName()) {
        findings.error(
            here.key("address"), "is a range of ports of a name, expected one of an IP address");
      }
    }
  }

  private void unixEndpoint(EndpointSpec endpoint, Pool pool, KeyPath here, KeyPath path) {
    epollAlone(here.key("address"));
    var health = pool.health();
    if (health != null && (health.host() == null || health.port() == 0)) {
      findings.error(
          path.key("health"),
          "cannot probe "
              + endpoint.address()
              + ": probes do not use Unix sockets, expected their 'host' and 'port', or 'passive-health' instead");
    }
    if (pool.tls() != null && endpoint.host().isEmpty()) {
      findings.error(
          here.key("host"),
          "is missing: TLS with "
              + endpoint.address()
              + " checks the name in its certificate, which a Unix socket does not have, expected that name");
    }
  }
}
