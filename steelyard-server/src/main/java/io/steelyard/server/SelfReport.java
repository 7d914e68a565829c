package io.steelyard.server;

import io.steelyard.balance.Endpoint;
import io.steelyard.balance.health.EndpointReport;
import io.steelyard.health.HealthKeeper;
import io.steelyard.health.PoolReport;
import io.steelyard.model.Address;
import io.steelyard.model.Configuration;
import io.steelyard.model.EndpointSpec;
import io.steelyard.model.Kind;
import io.steelyard.model.Listener;
import io.steelyard.model.Pool;
import io.steelyard.net.Transport;
import io.steelyard.net.tls.ServerTls;
import io.steelyard.proxy.log.AccessLog;
import io.steelyard.server.admin.PacketSource;
import io.steelyard.server.admin.PacketState;
import io.steelyard.server.admin.ReadySource;
import io.steelyard.server.admin.RunningState;
import io.steelyard.server.admin.StatusSource;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a server tells its admin port about itself. Thread-safe. */
final class SelfReport implements StatusSource, ReadySource {
  private static final Readiness STARTING = new Readiness(false, "starting");
  private static final Readiness READY = new Readiness(true, "ready");
  private static final Readiness STOPPING = new Readiness(false, "shutting down");

  private final Instant started = Instant.now();
  private final String version = Version.text();
  private final Configuration configuration;
  private final Transport transport;
  private final HealthKeeper health;
  private final @Nullable AccessLog log;
  private volatile Map<String, InetSocketAddress> bound = Map.of();
  private volatile Map<String, ServerTls> tls = Map.of();
  private volatile Readiness readiness = STARTING;
  private volatile PacketSource packets = PacketSource.NONE;

  SelfReport(
      Configuration configuration,
      Transport transport,
      HealthKeeper health,
      @Nullable AccessLog log) {
    this.configuration = configuration;
    this.transport = transport;
    this.health = health;
    this.log = log;
  }

  /**
   * All listeners listen.
   *
   * @param addresses of each, with its real port
   * @param encryption of those that have it
   */
  void ready(Map<String, InetSocketAddress> addresses, Map<String, ServerTls> encryption) {
    bound = Map.copyOf(addresses);
    tls = Map.copyOf(encryption);
    readiness = READY;
  }

  /** The kernel carries packets. */
  void carrying(PacketSource source) {
    packets = source;
  }

  /** What the kernel carries, as soon as it does. */
  PacketSource packets() {
    return new PacketSource() {
      @Override
      public @Nullable PacketState state() {
        return packets.state();
      }

      @Override
      public String ipvs() {
        return packets.ipvs();
      }

      @Override
      public List<String> trace(InetAddress vip, int every) {
        return packets.trace(vip, every);
      }
    };
  }

  /** No new traffic should come. */
  void stopping() {
    readiness = STOPPING;
  }

  @Override
  public Readiness readiness() {
    return readiness;
  }

  @Override
  public RunningState state() {
    return new RunningState(
        version,
        started,
        Kind.Choice.word(transport.kind()),
        transport.loops().size(),
        configuration.listeners().entrySet().stream()
            .map(entry -> listener(entry.getKey(), entry.getValue()))
            .toList(),
        configuration.pools().entrySet().stream()
            .map(entry -> pool(entry.getKey(), entry.getValue()))
            .toList(),
        log == null ? null : new RunningState.AccessLog(log.dropped(), log.lost()),
        health.events());
  }

  private RunningState.Listener listener(String name, Listener listener) {
    return new RunningState.Listener(
        name,
        address(name, listener.address()),
        Kind.Choice.word(listener.protocol()),
        encryption(tls.get(name)));
  }

  private static RunningState.@Nullable Encryption encryption(@Nullable ServerTls tls) {
    return tls == null
        ? null
        : new RunningState.Encryption(
            tls.resumed(),
            tls.failedReloads(),
            tls.stapled(),
            tls.failedStaples(),
            tls.certificates());
  }

  private String address(String listener, Address configured) {
    InetSocketAddress address = bound.get(listener);
    return address == null || configured.ports() > 1 ? configured.toString() : HostPort.of(address);
  }

  private RunningState.Pool pool(String name, Pool pool) {
    PoolReport report = health.report(name);
    List<RunningState.Endpoint> endpoints =
        report == null
            ? pool.endpoints().stream().map(SelfReport::endpoint).toList()
            : report.endpoints().stream().map(SelfReport::endpoint).toList();
    return new RunningState.Pool(name, pool.balancer().toString(), endpoints, report);
  }

  /** Before anything is known of it. */
  private static RunningState.Endpoint endpoint(EndpointSpec spec) {
    return new RunningState.Endpoint(spec.address().toString(), spec.weight(), spec.wish(), 0, 0);
  }

  private static RunningState.Endpoint endpoint(EndpointReport report) {
    Endpoint endpoint = report.endpoint();
    return new RunningState.Endpoint(
        endpoint.name(),
        endpoint.weight(),
        report.wish(),
        endpoint.state().inFlight(),
        endpoint.state().limit());
  }
}
