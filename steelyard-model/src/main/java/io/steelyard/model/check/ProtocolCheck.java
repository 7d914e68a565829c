package io.steelyard.model.check;

import io.steelyard.model.ClientCertificates;
import io.steelyard.model.Configuration;
import io.steelyard.model.Forwarding;
import io.steelyard.model.HttpLimits;
import io.steelyard.model.KeyPath;
import io.steelyard.model.Kind;
import io.steelyard.model.Listener;
import io.steelyard.model.ListenerHttp2;
import io.steelyard.model.ListenerTls;
import io.steelyard.model.Match;
import io.steelyard.model.Protocol;
import io.steelyard.model.ProxyProtocolVersion;
import io.steelyard.model.Route;
import io.steelyard.model.UdpSessions;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks that what a listener asks for can be had of what its clients speak. */
final class ProtocolCheck {
  private static final KeyPath LISTENERS = KeyPath.ROOT.key("listeners");
  private static final KeyPath POOLS = KeyPath.ROOT.key("pools");

  private final Configuration configuration;
  private final BalancerNames balancers;
  private final Findings findings;

  /** Pools with a balancer that has been complained about: once is enough. */
  private final Set<String> refused = new HashSet<>();

  ProtocolCheck(Configuration configuration, BalancerNames balancers, Findings findings) {
    this.configuration = configuration;
    this.balancers = balancers;
    this.findings = findings;
  }

  void all() {
    configuration
        .listeners()
        .forEach((name, listener) -> {
          var path = LISTENERS.key(name);
          switch (listener.protocol()) {
            case HTTP -> onlyTcp(listener, path);
            case TCP -> {
              onlyHttp(listener, path);
              noQueries(listener, path);
              noForwardedCertificates(listener, path);
            }
            case PACKET -> {
              onlyHttp(listener, path);
              noQueries(listener, path);
              plain(listener, path);
            }
            case UDP -> {
              onlyHttp(listener, path);
              onlyConnections(listener, path);
              quic(listener, path.key("sessions"));
              plain(listener, path);
            }
          }
          if (listener.protocol() != Protocol.UDP
              && !listener.sessions().equals(UdpSessions.defaults())) {
            findings.error(
                path.key("sessions"), "is about UDP, expected it to be left out, or protocol: udp");
          }
          listener.effectiveRoutes().stream()
              .map(Route::pool)
              .filter(Objects::nonNull)
              .forEach(pool -> pool(pool, listener, path));
        });
  }

  private void pool(String name, Listener listener, KeyPath path) {
    balancer(name, listener, path);
    var pool = configuration.pools().get(name);
    boolean carriesTls =
        listener.protocol() == Protocol.HTTP || listener.protocol() == Protocol.TCP;
    if (pool != null && pool.tls() != null && !carriesTls) {
      noTls(listener, POOLS.key(name).key("tls"));
    }
  }

  /** What is HTTP's alone. */
  private void onlyHttp(Listener listener, KeyPath path) {
    if (!listener.limits().equals(HttpLimits.defaults())) {
      notOf(listener, path.key("limits"));
    }
    if (!listener.forwarding().equals(Forwarding.defaults())) {
      notOf(listener, path.key("forwarding"));
    }
    if (!listener.http2().equals(ListenerHttp2.defaults())) {
      notOf(listener, path.key("http2"));
    }
    List<Route> routes = listener.routes();
    for (int i = 0; i < routes.size(); i++) {
      Match match = routes.get(i).match();
      var here = path.key("routes").item(i).key("match");
      if (routes.get(i).redirect() != null) {
        notOf(listener, path.key("routes").item(i).key("redirect"));
      }
      if (match != null && match.host() != null) {
        notOf(listener, here.key("host"));
      }
      if (match != null && match.pathPrefix() != null) {
        notOf(listener, here.key("path-prefix"));
      }
    }
  }

  /** What is of connections alone. */
  private void onlyTcp(Listener listener, KeyPath path) {
    for (int i = 0; i < listener.routes().size(); i++) {
      Match match = listener.routes().get(i).match();
      var here = path.key("routes").item(i).key("match");
      if (match != null) {
        notOfHttp(match.source(), here.key("source"));
        notOfHttp(match.sni(), here.key("sni"));
        notOfHttp(match.alpn(), here.key("alpn"));
        notOfHttp(match.firstBytes(), here.key("first-bytes"));
        notOfHttp(match.firstBytesPattern(), here.key("first-bytes-pattern"));
        queries(match, here);
      }
    }
  }

  private void notOfHttp(@Nullable Object value, KeyPath path) {
    if (value != null) {
      findings.error(
          path,
          "is about connections, and a listener of protocol http routes requests, expected it to be left out, or protocol: tcp");
    }
  }

  /** What datagrams have not. */
  private void onlyConnections(Listener listener, KeyPath path) {
    if (listener.proxyProtocol() != null) {
      notOfUdp(path.key("proxy-protocol"));
    }
    for (int i = 0; i < listener.routes().size(); i++) {
      Match match = listener.routes().get(i).match();
      if (match != null && match.looksAtBytes()) {
        notOfUdp(path.key("routes").item(i).key("match"));
      }
    }
    listener.effectiveRoutes().stream()
        .map(Route::pool)
        .filter(Objects::nonNull)
        .distinct()
        .forEach(name -> {
          var pool = configuration.pools().get(name);
          if (pool != null && pool.proxyProtocol() == ProxyProtocolVersion.V1) {
            findings.error(
                POOLS.key(name).key("proxy-protocol"),
                "is v1, which knows no UDP, expected v2, or it to be left out");
          }
        });
  }

  private void noQueries(Listener listener, KeyPath path) {
    for (int i = 0; i < listener.routes().size(); i++) {
      Match match = listener.routes().get(i).match();
      if (match != null) {
        queries(match, path.key("routes").item(i).key("match"));
      }
    }
  }

  private void queries(Match match, KeyPath here) {
    if (match.looksAtQueries()) {
      findings.error(
          here.key(match.dnsName() == null ? "dns-type" : "dns-name"),
          "is about DNS in datagrams, expected it to be left out, or protocol: udp");
    }
  }

  private void quic(Listener listener, KeyPath path) {
    UdpSessions sessions = listener.sessions();
    if (sessions.quic() != null && (sessions.answers() > 0 || sessions.datagrams() > 0)) {
      findings.error(
          path.key("quic"),
          "stands beside 'answers' or 'datagrams', which would end a connection of QUIC, expected one of them");
    }
  }

  private void notOfUdp(KeyPath path) {
    findings.error(
        path, "is about connections, which UDP does not have, expected it to be left out");
  }

  private void plain(Listener listener, KeyPath path) {
    if (listener.tls() != null) {
      noTls(listener, path.key("tls"));
    }
  }

  /** Fields of requests carry them. */
  private void noForwardedCertificates(Listener listener, KeyPath path) {
    ListenerTls tls = listener.tls();
    ClientCertificates client = tls == null ? null : tls.client();
    if (client != null && client.forward()) {
      notOf(listener, path.key("tls").key("client").key("forward"));
    }
  }

  private void noTls(Listener listener, KeyPath path) {
    findings.error(
        path,
        "encrypts HTTP and TCP, not protocol "
            + Kind.Choice.word(listener.protocol())
            + ", expected it to be left out: TLS passes through as it is");
  }

  private void notOf(Listener listener, KeyPath path) {
    findings.error(
        path,
        "is about HTTP requests, which a listener of protocol "
            + Kind.Choice.word(listener.protocol())
            + " does not see, expected it to be left out");
  }

  private void balancer(@Nullable String name, Listener listener, KeyPath path) {
    var pool = name == null ? null : configuration.pools().get(name);
    var missing = pool == null ? null : balancers.missing(pool.balancer(), listener.protocol());
    if (name != null && pool != null && missing != null && refused.add(name)) {
      findings.error(
          POOLS.key(name).key("balancer"),
          pool.balancer().name()
              + " chooses by "
              + missing
              + ", which clients of "
              + path
              + " (protocol "
              + Kind.Choice.word(listener.protocol())
              + ") do not show, expected another balancer or another pool for it");
    }
  }
}
