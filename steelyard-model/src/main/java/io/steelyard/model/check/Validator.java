package io.steelyard.model.check;

import static java.util.Objects.requireNonNull;

import io.steelyard.model.Address;
import io.steelyard.model.Configuration;
import io.steelyard.model.EndpointSpec;
import io.steelyard.model.Finding;
import io.steelyard.model.KeyPath;
import io.steelyard.model.Listener;
import io.steelyard.model.Match;
import io.steelyard.model.Nearest;
import io.steelyard.model.Pool;
import io.steelyard.model.Protocol;
import io.steelyard.model.QueueClass;
import io.steelyard.model.Quote;
import io.steelyard.model.Redirect;
import io.steelyard.model.Route;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Finds what is wrong with a configuration beyond the types of its values: names that lead nowhere,
 * addresses that collide, routes that are never taken, values out of range. Works on the records
 * alone; where they were read from a text, the findings get their positions. Thread-safe.
 */
public final class Validator {
  /**
   * More findings than these help nobody. One more is collected, so that it shows that there were
   * more.
   */
  public static final int MOST_FINDINGS = 200;

  private final BalancerNames balancers;
  private final TlsFiles tls;

  /** A validator that asks {@code balancers} about each pool's balancer and looks at no files. */
  public Validator(BalancerNames balancers) {
    this(balancers, TlsFiles.ANY);
  }

  /** A validator that asks {@code tls} about files, ciphers and curves too. */
  public Validator(BalancerNames balancers, TlsFiles tls) {
    this.balancers = requireNonNull(balancers, "balancers");
    this.tls = requireNonNull(tls, "tls");
  }

  /** The findings about records that were made in Java; none when all is well. */
  public List<Finding> validate(Configuration configuration) {
    return validate(configuration, Source.NONE);
  }

  /** The findings about records that were read from a text. */
  public List<Finding> validate(Configuration configuration, Source source) {
    var findings = new Findings(source);
    new KeyCheck(findings).section(configuration, KeyPath.ROOT);
    new Run(configuration, balancers, tls, findings).all();
    return findings.all();
  }

  /** The checks of one configuration. */
  private record Run(
      Configuration configuration, BalancerNames balancers, TlsFiles tls, Findings findings) {
    private static final KeyPath LISTENERS = KeyPath.ROOT.key("listeners");
    private static final KeyPath POOLS = KeyPath.ROOT.key("pools");

    void all() {
      addresses();
      configuration
          .listeners()
          .forEach((name, listener) -> listener(listener, LISTENERS.key(name)));
      configuration.pools().forEach((name, pool) -> pool(pool, POOLS.key(name)));
      var fallbacks = new FallbackCheck(configuration.pools(), findings);
      configuration.pools().forEach((name, pool) -> fallbacks.pool(name, pool, POOLS.key(name)));
      new ProtocolCheck(configuration, balancers, findings).all();
      new SocketsCheck(configuration, findings).all();
      new FtpCheck(configuration, findings).all();
      new PacketCheck(configuration, findings).all();
      unusedPools();
      var simulation = configuration.simulation();
      if (simulation != null) {
        new SimulationCheck(configuration, simulation, findings).all();
      }
    }

    private void addresses() {
      var taken = new ListenerAddresses();
      taken.take(configuration.admin().address(), KeyPath.ROOT.key("admin"));
      configuration
          .listeners()
          .forEach((name, listener) -> {
            // A virtual address is the kernel's, before any socket sees the packet.
            if (listener.protocol() != Protocol.PACKET) {
              address(taken, listener, LISTENERS.key(name));
            }
          });
    }

    private void address(ListenerAddresses taken, Listener listener, KeyPath owner) {
      var address = listener.address();
      var other =
          listener.protocol() == Protocol.UDP
              ? taken.takeDatagrams(address, owner)
              : taken.take(address, owner);
      if (other != null) {
        findings.error(
            owner.key("address"),
            address
                + " is already taken by "
                + other
                + ", expected an address of its own for each listener");
      }
    }

    private void listener(Listener listener, KeyPath path) {
      var pool = listener.pool();
      if (pool != null) {
        poolExists(pool, path.key("pool"));
      }
      if (pool == null
          && listener.routes().isEmpty()
          && !findings.source().isBroken(path.key("routes"))) {
        findings.error(path.key("pool"), "is missing, expected 'pool' or 'routes'");
      }
      if (pool != null && !listener.routes().isEmpty()) {
        findings.error(path.key("pool"), "stands beside 'routes', expected one of the two");
      }
      routes(listener, path.key("routes"));
      var encryption = listener.tls();
      if (encryption != null) {
        new TlsCheck(tls, findings).listener(encryption, path.key("tls"));
      }
    }

    private void routes(Listener listener, KeyPath path) {
      var routes = listener.routes();
      var cover = listener.protocol() == Protocol.HTTP ? new RouteCover() : new StreamCover();
      for (int i = 0; i < routes.size(); i++) {
        var route = routes.get(i);
        action(route, path.item(i));
        pattern(route, path.item(i));
        serviceClassExists(route, path.item(i).key("service-class"));
        if (!findings.source().isDoubtful(path.item(i).key("match"))) {
          reachable(cover, route, i, path);
        }
      }
    }

    private void pattern(Route route, KeyPath path) {
      Match match = route.match();
      if (match != null) {
        KeyPath key = path.key("match").key("first-bytes-pattern");
        RegularExpression.check(match.firstBytesPattern(), 0, key, findings);
      }
    }

    private void action(Route route, KeyPath path) {
      var pool = route.pool();
      if (pool != null) {
        poolExists(pool, path.key("pool"));
      }
      if (pool == null && route.redirect() == null && !findings.source().isDoubtful(path)) {
        findings.error(path.key("pool"), "is missing, expected 'pool' or 'redirect'");
      }
      if (pool != null && route.redirect() != null) {
        findings.error(path.key("pool"), "stands beside 'redirect', expected one of the two");
      }
      if (route.redirect() != null) {
        redirect(route.redirect(), path.key("redirect"));
      }
    }

    private void redirect(Redirect redirect, KeyPath path) {
      if (!Set.of(301, 302, 303, 307, 308).contains(redirect.status())) {
        findings.error(
            path.key("status"), "is " + redirect.status() + ", expected 301, 302, 303, 307 or 308");
      }
    }

    private void reachable(Cover cover, Route route, int index, KeyPath path) {
      var covering = cover.covering(route.match());
      if (covering == null) {
        cover.add(route.match(), index);
      } else {
        findings.error(
            path.item(index),
            "is never reached because "
                + path.item(covering)
                + " already takes all its requests, expected the"
                + " narrower condition first");
      }
    }

    private void poolExists(String name, KeyPath path) {
      var pools = configuration.pools();
      if (!pools.containsKey(name) && !name.isEmpty()) {
        findings.error(
            path,
            () ->
                "there is no pool "
                    + Quote.of(name)
                    + ", expected the name of one under 'pools'"
                    + Nearest.suggestion(name, pools.keySet()));
      }
    }

    private void serviceClassExists(Route route, KeyPath path) {
      var name = route.serviceClass();
      var poolName = route.pool();
      var pool = poolName == null ? null : configuration.pools().get(poolName);
      if (name == null
          || poolName == null
          || pool == null
          || findings.source().isDoubtful(POOLS.key(poolName))) {
        return;
      }
      var queue = pool.queue();
      var names =
          queue == null
              ? List.<String>of()
              : queue.classes().stream().map(QueueClass::name).toList();
      if (!names.contains(name)) {
        findings.error(
            path,
            () ->
                "there is no class "
                    + Quote.of(name)
                    + " in pool "
                    + route.pool()
                    + ", expected one of its 'queue.classes'"
                    + Nearest.suggestion(name, names));
      }
    }

    private void pool(Pool pool, KeyPath path) {
      var error = balancers.error(pool.balancer());
      if (error != null) {
        findings.error(path.key("balancer"), error);
      }
      endpoints(pool.endpoints(), path.key("endpoints"));
      new ResolutionCheck(findings).pool(pool, path);
      new PoolGroups(configuration.zone(), pool, path, findings).all();
      health(pool, path);
      new PoolTraffic(pool, path, findings).all();
      new OriginCheck(configuration.transport(), findings).pool(pool, path);
      if (pool.http().version() == 2 && pool.proxyProtocol() != null) {
        findings.error(
            path.key("proxy-protocol"),
            "cannot be with 'http: 2', whose connections are shared by clients, expected one of the two");
      }
      var encryption = pool.tls();
      if (encryption != null) {
        new TlsCheck(tls, findings).pool(encryption, path.key("tls"));
      }
      if (!pool.endpoints().isEmpty()
          && pool.endpoints().stream().allMatch(endpoint -> endpoint.weight() == 0)) {
        findings.warning(
            path.key("endpoints"), "have weight 0, all of them: the pool serves nothing");
      }
    }

    private void health(Pool pool, KeyPath path) {
      var check = new HealthCheck(findings);
      var health = pool.health();
      if (health != null) {
        check.health(health, path.key("health"));
      }
      var passive = pool.passiveHealth();
      if (passive != null) {
        check.passive(passive, path.key("passive-health"));
      }
    }

    private void endpoints(List<EndpointSpec> endpoints, KeyPath path) {
      Map<Address, Integer> first = new HashMap<>();
      for (int i = 0; i < endpoints.size(); i++) {
        var address = endpoints.get(i).address();
        var here = path.item(i).key("address");
        var other = endpoints.get(i).service().isEmpty() ? first.putIfAbsent(address, i) : null;
        if (address.host().isEmpty()
            || (address.port() == 0 && !address.isUnix() && endpoints.get(i).service().isEmpty())) {
          findings.error(
              here,
              Quote.of(address.toString())
                  + " cannot be connected to, expected a host and a port from 1");
        } else if (other != null) {
          findings.error(
              here,
              address
                  + " is already "
                  + path.item(other)
                  + ", expected each endpoint once (give it a weight for a"
                  + " larger share)");
        }
      }
    }

    private void unusedPools() {
      Set<String> used = new HashSet<>();
      for (var listener : configuration.listeners().values()) {
        if (listener.pool() != null) {
          used.add(listener.pool());
        }
        listener.routes().stream().map(Route::pool).filter(Objects::nonNull).forEach(used::add);
      }
      for (var pool : configuration.pools().values()) {
        var fallback = FallbackCheck.fallback(pool);
        if (fallback != null) {
          used.add(fallback);
        }
      }
      for (var name : configuration.pools().keySet()) {
        if (!used.contains(name)) {
          findings.warning(POOLS.key(name), "is not used by any listener");
        }
      }
    }
  }
}
