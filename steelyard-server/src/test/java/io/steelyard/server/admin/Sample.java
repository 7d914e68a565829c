package io.steelyard.server.admin;

import io.steelyard.balance.PoolState;
import io.steelyard.balance.health.Availability;
import io.steelyard.balance.health.EndpointReport;
import io.steelyard.balance.health.Health;
import io.steelyard.balance.health.HealthEvent;
import io.steelyard.balance.health.Layer;
import io.steelyard.balance.health.PoolEvent;
import io.steelyard.balance.health.ProbeResult;
import io.steelyard.balance.health.WishEvent;
import io.steelyard.health.LoggedEvent;
import io.steelyard.health.PoolReport;
import io.steelyard.model.Address;
import io.steelyard.model.EndpointSpec;
import io.steelyard.model.Wish;
import io.steelyard.net.tls.CertificateReport;
import io.steelyard.proxy.stats.EndpointStats;
import io.steelyard.proxy.stats.ListenerStats;
import io.steelyard.proxy.stats.Reason;
import io.steelyard.proxy.stats.Stats;
import io.steelyard.server.admin.ReadySource.Readiness;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A known state: one listener, a pool of two endpoints of which one has had no traffic, two event
 * loops.
 */
final class Sample {
  static final Instant STARTED = Instant.parse("2026-11-01T12:00:00.123456Z");
  static final Instant NOW = Instant.parse("2026-11-01T13:02:03.623456Z");

  /** Knows no endpoint. */
  static final WishControl NO_WISHES = (pool, endpoint, wish) -> false;

  private Sample() {}

  static AdminSources sources() {
    return new AdminSources(
        () -> state("web", "site"),
        () -> new Readiness(true, "ready"),
        stats("web", "site"),
        NO_WISHES,
        packets());
  }

  static AdminSources sources(String listener, String pool) {
    return new AdminSources(
        () -> state(listener, pool),
        () -> new Readiness(true, "ready"),
        stats(listener, pool),
        NO_WISHES,
        packets());
  }

  private static PacketSource packets() {
    var endpoint = new PacketState.Endpoint("10.0.0.11:80", true, 1, 10, 1000, 20, 3000, 4, 2, 1);
    var service =
        new PacketState.Service(
            "vip",
            "nat",
            "tcp",
            "site",
            List.of(),
            Map.of("no-endpoint", 2L),
            9,
            3,
            List.of(endpoint));
    var state =
        new PacketState(
            List.of("eth0"),
            "native",
            1 << 20,
            List.of("sysctl -w net.ipv4.ip_forward=1"),
            new PacketState.AccessList(1000, "networks:3:1: no", 2),
            Map.of("malformed", 4L),
            List.of(service));
    return new PacketSource() {
      @Override
      public PacketState state() {
        return state;
      }

      @Override
      public String ipvs() {
        return "IP Virtual Server version 1.2.1 (size=1048576)\n";
      }

      @Override
      public List<String> trace(InetAddress vip, int every) {
        return List.of("TCP one in " + every + " of " + vip.getHostAddress());
      }
    };
  }

  static RunningState state(String listener, String pool) {
    return state(listener, pool, new RunningState.AccessLog(7, 3));
  }

  static RunningState state(String listener, String pool, RunningState.@Nullable AccessLog log) {
    return new RunningState(
        "0.1.0",
        STARTED,
        "epoll",
        2,
        List.of(new RunningState.Listener(listener, "127.0.0.1:8080", "http", encryption())),
        List.of(
            new RunningState.Pool(
                pool,
                "round-robin",
                List.of(
                    new RunningState.Endpoint("10.0.0.11:80", 1, Wish.READY, 4, 12),
                    new RunningState.Endpoint("10.0.0.12:80", 0, Wish.DRAIN, 0, 0)),
                health(pool))),
        log,
        List.of(
            new LoggedEvent(
                STARTED,
                new HealthEvent(
                    1, pool, "10.0.0.12:80", Health.UP, Health.DOWN, "L4: connection refused")),
            new LoggedEvent(
                STARTED,
                new WishEvent(2, pool, "10.0.0.12:80", Wish.READY, Wish.DRAIN, "the admin port")),
            new LoggedEvent(
                STARTED,
                new PoolEvent(
                    3, pool, Health.STARTING, Health.UP, "1 of 2 endpoints can be used"))));
  }

  private static RunningState.Encryption encryption() {
    var first = new CertificateReport("/a.pem", "a.example.com", Instant.ofEpochSecond(2_000));
    var second = new CertificateReport("/b.pem", "b.example.com", Instant.ofEpochSecond(1_000));
    return new RunningState.Encryption(13, 1, 2, 3, List.of(first, second));
  }

  /** The first is up; the second was up for 90 s, and has been ejected for 10 of 30 s. */
  private static PoolReport health(String pool) {
    var endpoints =
        new PoolState(pool)
            .endpoints(
                List.of(
                    EndpointSpec.of(Address.parse("10.0.0.11:80")),
                    EndpointSpec.of(Address.parse("10.0.0.12:80"), 0)));
    long second = 1_000_000_000L;
    return new PoolReport(
        Health.UP,
        3,
        false,
        1,
        1,
        new Availability(100 * second, 0, 0),
        200 * second,
        List.of(
            new EndpointReport(
                endpoints.getFirst(),
                Wish.READY,
                Health.UP,
                "L7: status 200",
                100 * second,
                false,
                0,
                List.of(
                    ProbeResult.failed(Layer.CONTENT, "found 'x', expected 'y'", 2_500_000),
                    ProbeResult.passed(Layer.L7, "status 200", 1_500_000)),
                48,
                2,
                0,
                1,
                new Availability(100 * second, 0, 0)),
            new EndpointReport(
                endpoints.getLast(),
                Wish.DRAIN,
                Health.DOWN,
                "ejected for 30.0 s: 5 errors in a row",
                190 * second,
                true,
                220 * second,
                List.of(),
                0,
                0,
                1,
                2,
                new Availability(90 * second, 10 * second, 1))));
  }

  private static Stats stats(String listener, String pool) {
    Stats stats = new Stats(2);
    listener(stats.loop(0).listener(listener));
    stats.loop(1).listener(listener).requests.add(100);
    stats.loop(1).pool(pool).retries.add(2);
    endpoint(stats.loop(0).endpoint(pool, "10.0.0.11:80"));
    stats.loop(1).endpoint(pool, "10.0.0.11:80").requests.add(100);
    return stats;
  }

  private static void listener(ListenerStats stats) {
    stats.connections.add(9);
    stats.waited.add(1);
    stats.requests.add(11);
    stats.malformed.add(2);
    stats.bytesIn.add(1_000);
    stats.bytesOut.add(20_000);
    stats.active.add(5);
    stats.idle.add(3);
    stats.answers(200).add(10);
    stats.answers(404).add(1);
    stats.reason(Reason.NO_ROUTE);
    stats.latency.record(TimeUnit.MICROSECONDS.toNanos(1_500));
    stats.latency.record(TimeUnit.MICROSECONDS.toNanos(1_500));
    stats.latency.record(TimeUnit.SECONDS.toNanos(40));
  }

  private static void endpoint(EndpointStats stats) {
    stats.requests.add(12);
    stats.bytesSent.add(900);
    stats.bytesReceived.add(19_000);
    stats.connects.add(6);
    stats.connectFailures.add(1);
    stats.connectTimeouts.add(2);
    stats.resets.add(3);
    stats.responseTimeouts.add(4);
    stats.retries.add(5);
    stats.active.add(8);
    stats.idle.add(7);
    stats.answers(503).add(2);
    stats.latency.record(TimeUnit.MICROSECONDS.toNanos(1_000));
  }
}
