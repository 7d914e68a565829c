package io.steelyard.model.check;

import io.steelyard.model.KeyPath;
import io.steelyard.model.Kind;
import io.steelyard.model.Pool;
import io.steelyard.model.PoolSocket;
import io.steelyard.model.TransportKind;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** Checks where a pool's connections come from. */
final class OriginCheck {
  private final @Nullable TransportKind transport;
  private final Findings findings;

  OriginCheck(@Nullable TransportKind transport, Findings findings) {
    this.transport = transport;
    this.findings = findings;
  }

  void pool(Pool pool, KeyPath path) {
    PoolSocket socket = pool.socket();
    KeyPath here = path.key("socket");
    String address = socket.sourceAddress();
    if (address != null) {
      source(address, pool, here.key("source-address"), path);
    }
    if (socket.networkInterface() != null) {
      epollAlone(here.key("network-interface"));
    }
    if (socket.transparent()) {
      transparent(pool, here.key("transparent"));
    }
  }

  private void source(String address, Pool pool, KeyPath here, KeyPath path) {
    InetAddress own;
    try {
      own = InetAddress.ofLiteral(address);
    } catch (IllegalArgumentException e) {
      findings.error(here, "is " + address + ", expected an IP address");
      return;
    }
    for (int i = 0; i < pool.endpoints().size(); i++) {
      var endpoint = pool.endpoints().get(i).address();
      if (!endpoint.isName()
          && !endpoint.isUnix()
          && !endpoint.host().isEmpty()
          && endpoint.host().contains(":") != (own.getAddress().length == 16)) {
        findings.error(
            path.key("endpoints").item(i).key("address"),
            endpoint
                + " is of another family than source-address "
                + address
                + ", expected the same");
      }
    }
  }

  private void transparent(Pool pool, KeyPath here) {
    epollAlone(here);
    if (pool.http().version() == 2) {
      findings.error(
          here,
          "cannot be with 'http: 2', whose connections are shared by clients, expected one of the two");
    }
  }

  private void epollAlone(KeyPath here) {
    if (transport != null && transport != TransportKind.EPOLL) {
      findings.error(
          here,
          "cannot be had of transport "
              + Kind.Choice.word(transport)
              + ", expected it to be left out, or transport: epoll");
    }
  }
}
