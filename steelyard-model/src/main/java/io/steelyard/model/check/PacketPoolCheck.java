package io.steelyard.model.check;

import io.steelyard.model.EndpointSpec;
import io.steelyard.model.KeyPath;
import io.steelyard.model.Kind;
import io.steelyard.model.Listener;
import io.steelyard.model.PacketServiceSpec;
import io.steelyard.model.PacketServiceSpec.Mode;
import io.steelyard.model.Pool;
import io.steelyard.model.Quote;
import java.net.Inet4Address;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** Whether the kernel can carry a listener's packets to its pool. */
final class PacketPoolCheck {
  private final Listener listener;
  private final PacketServiceSpec service;
  private final InetAddress address;
  private final Pool pool;
  private final KeyPath path;
  private final KeyPath poolPath;
  private final Findings findings;

  PacketPoolCheck(
      Listener listener,
      PacketServiceSpec service,
      InetAddress address,
      Pool pool,
      KeyPath path,
      Findings findings) {
    this.listener = listener;
    this.service = service;
    this.address = address;
    this.pool = pool;
    this.path = path;
    this.poolPath = KeyPath.ROOT.key("pools").key(String.valueOf(listener.pool()));
    this.findings = findings;
  }

  void all() {
    if (service.persistence() == null && service.schedulerFor(pool.balancer()) == null) {
      findings.error(
          path.key("packet").key("scheduler"),
          "is missing, and the pool's balancer, "
              + pool.balancer().name()
              + ", needs what only the proxy sees, expected maglev, round-robin, source-hash or least-connections");
    }
    for (int i = 0; i < pool.endpoints().size(); i++) {
      endpoint(pool.endpoints().get(i), poolPath.key("endpoints").item(i));
    }
    ignored(pool.passiveHealth(), "passive-health", "sees no traffic of the packet plane");
    ignored(pool.slowStart(), "slow-start", "is not done by the packet plane");
    if (pool.endpoints().stream().anyMatch(endpoint -> !endpoint.zone().isEmpty())) {
      ignored(pool, "endpoints", "have zones, which the packet plane does not look at");
    }
    ignored(pool.subset(), "subset", "is not done by the packet plane, which uses all endpoints");
  }

  private void ignored(@Nullable Object setting, String key, String why) {
    if (setting != null) {
      findings.warning(poolPath.key(key), why + " (" + path + ")");
    }
  }

  private void endpoint(EndpointSpec endpoint, KeyPath here) {
    var host = endpoint.address().host();
    if (!isOfFamily(host)) {
      findings.error(
          here.key("address"),
          Quote.of(host)
              + " cannot serve "
              + path
              + ", expected an "
              + (address instanceof Inet4Address ? "IPv4" : "IPv6")
              + " address: packets know no names and stay in their family");
      return;
    }
    int port = listener.address().port();
    if (!service.mode().mapsPorts() && port != 0 && endpoint.address().port() != port) {
      findings.error(
          here.key("address"),
          endpoint.address()
              + " has another port than "
              + path
              + ", "
              + port
              + ": mode "
              + Kind.Choice.word(service.mode())
              + " leaves the packet as it is, only "
              + Kind.Choice.word(Mode.NAT)
              + " and "
              + Kind.Choice.word(Mode.FULLNAT)
              + " map ports");
    }
    if (endpoint.maxInFlight() > 0) {
      findings.warning(here.key("max-in-flight"), "is not kept by the packet plane (" + path + ")");
    }
  }

  private boolean isOfFamily(String host) {
    try {
      var literal = InetAddress.ofLiteral(host);
      return literal instanceof Inet4Address == address instanceof Inet4Address;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
