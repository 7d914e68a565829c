package io.steelyard.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.model.read.ConfigReader;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Pins every default, so that none changes unnoticed. */
class DefaultsTest {
  private static final Listener LISTENER = Listener.http(Address.parse(":80"), "p");
  private static final Pool POOL =
      Pool.of(BalancerSpec.of("round-robin"), List.of(EndpointSpec.of(Address.parse("a:1"))));

  @Test
  void configuration() {
    var configuration = Configuration.of(Map.of("w", LISTENER), Map.of("p", POOL));
    assertThat(configuration)
        .isEqualTo(
            new Configuration(
                new Admin(new Address("127.0.0.1", 9900)),
                null,
                0,
                Duration.ofSeconds(30),
                null,
                Map.of("w", LISTENER),
                Map.of("p", POOL),
                "",
                null,
                null));
  }

  @Test
  void simulation() {
    assertThat(Simulation.defaults())
        .isEqualTo(
            new Simulation(
                null,
                100_000,
                1,
                1,
                new SimulatedArrivals(0, 0.7, SimulatedArrivals.ArrivalProcess.POISSON),
                new SimulatedKeys(10_000, 1.0),
                new SimulatedSpeed(
                    Duration.ofMillis(10), SimulatedSpeed.Distribution.EXPONENTIAL, 8),
                List.of(),
                Duration.ofSeconds(1),
                List.of()));
  }

  @Test
  void accessLog() {
    assertThat(AccessLog.defaults()).isEqualTo(new AccessLog(null, AccessLog.Format.JSON));
  }

  @Test
  void listener() {
    assertThat(LISTENER)
        .isEqualTo(
            new Listener(
                new Address("", 80),
                Protocol.HTTP,
                "p",
                List.of(),
                10_000,
                new ListenerTimeouts(
                    Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(60)),
                new HttpLimits(new ByteSize(32 * 1024), 100, new ByteSize(8 * 1024), null, 0),
                new Forwarding(Forwarding.Mode.APPEND, false, true),
                new ListenerSocket(4096, true, false, "660"),
                null,
                new ListenerHttp2(true, 128, new ByteSize(64 * 1024)),
                null,
                null,
                new UdpSessions(0, 0, new ByteSize(4096), null),
                null));
  }

  @Test
  void ftp() {
    assertThat(FtpSpec.defaults()).isEqualTo(new FtpSpec(0, 0, null, Duration.ofSeconds(60)));
  }

  @Test
  void quic() {
    assertThat(QuicSessions.defaults()).isEqualTo(new QuicSessions(0));
  }

  @Test
  void pool() {
    assertThat(POOL)
        .isEqualTo(
            new Pool(
                new BalancerSpec("round-robin", Map.of()),
                List.of(new EndpointSpec(new Address("a", 1), 1, 0, "", 0, Wish.READY, "", "")),
                new Retries(
                    2,
                    List.of(
                        RetryOn.failure(RetryOn.Failure.CONNECT),
                        RetryOn.failure(RetryOn.Failure.REFUSED),
                        RetryOn.failure(RetryOn.Failure.RESET)),
                    new ByteSize(64 * 1024),
                    new RetryBudget(20, 10)),
                null,
                new Limits(0, 0, 0, 0, new EndpointLimits(0, 0, 0, 0), null, Duration.ofSeconds(1)),
                null,
                new PoolTimeouts(
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(60),
                    Duration.ofHours(1)),
                new PoolConnections(256, Duration.ofSeconds(30), Duration.ofHours(1)),
                new PoolSocket(true, false, null, null, false),
                new Priorities(1, 0),
                null,
                null,
                null,
                null,
                0,
                null,
                null,
                null,
                new Resolution(
                    List.of(),
                    Resolution.Family.IPV4_FIRST,
                    Duration.ofSeconds(1),
                    Duration.ofMinutes(5),
                    Duration.ofSeconds(2),
                    Duration.ofMinutes(5)),
                null,
                new EndpointHttp(1, 100, new ByteSize(256 * 1024))));
    assertThat(AdaptiveSpec.defaults())
        .isEqualTo(new AdaptiveSpec(3, 1000, Duration.ofSeconds(60), 25));
    assertThat(QueueSpec.defaults())
        .isEqualTo(
            new QueueSpec(1000, Duration.ofSeconds(1), List.of(), QueueSpec.Order.STRICT, null));
    assertThat(Quorum.defaults()).isEqualTo(new Quorum(1, 0, 0));
    assertThat(FixedAnswer.defaults())
        .isEqualTo(new FixedAnswer(503, "text/plain; charset=utf-8", "", null));
    assertThat(SlowStart.defaults()).isEqualTo(new SlowStart(Duration.ofSeconds(30), 0.1));
  }

  @Test
  void packet() {
    assertThat(PacketPlaneSpec.of(List.of("eth0")))
        .isEqualTo(
            new PacketPlaneSpec(
                List.of("eth0"),
                PacketPlaneSpec.Xdp.NATIVE,
                "/sys/fs/bpf/steelyard",
                PacketPlaneSpec.OnStop.REMOVE,
                false,
                1 << 20,
                0,
                Duration.ofSeconds(5),
                new PacketTimeouts(
                    Duration.ofMinutes(1),
                    Duration.ofMinutes(15),
                    Duration.ofMinutes(2),
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(1)),
                new PacketProtection(List.of(), List.of(), null, List.of(), null, null, null),
                null));
    assertThat(PacketSynProxy.defaults())
        .isEqualTo(new PacketSynProxy(PacketSynProxy.When.UNDER_FLOOD, 1000, 5000, 1460));
    assertThat(PacketRuleSpec.defaults())
        .isEqualTo(
            new PacketRuleSpec(
                PacketRuleSpec.Action.DROP,
                null,
                null,
                PacketServiceSpec.Transport.ANY,
                0,
                65_535,
                0,
                65_535));
    assertThat(PacketLimit.of(5)).isEqualTo(new PacketLimit(5, 100));
    assertThat(PacketServiceSpec.of(PacketServiceSpec.Mode.NAT))
        .isEqualTo(
            new PacketServiceSpec(
                PacketServiceSpec.Mode.NAT,
                PacketServiceSpec.Transport.TCP,
                null,
                null,
                false,
                null,
                List.of(),
                1024,
                65_535,
                PacketServiceSpec.ClientAddress.NONE,
                null,
                false));
  }

  @Test
  void tls() {
    var certificate = new CertificateSpec("a.pem", null, null);
    assertThat(ListenerTls.of(List.of(certificate)))
        .isEqualTo(
            new ListenerTls(
                List.of(certificate),
                ListenerTls.Profile.INTERMEDIATE,
                List.of(),
                List.of(),
                ListenerTls.UnknownName.DEFAULT,
                Duration.ofSeconds(10),
                new TlsTickets(true, null, Duration.ofHours(12)),
                null,
                false,
                Duration.ofSeconds(10),
                Duration.ofDays(14)));
    assertThat(EndpointTls.defaults()).isEqualTo(new EndpointTls(true, null, null, null));
    assertThat(Redirect.defaults()).isEqualTo(new Redirect(Redirect.Scheme.HTTPS, 0, 308));
  }

  @Test
  void readingGivesTheSameDefaultsAsJava() {
    var text =
        """
        access-log: {}
        listeners: { w: { address: ":80", pool: p } }
        pools: { p: { endpoints: ["a:1"] } }
        """;
    @Nullable Configuration read = new ConfigReader().readString("test", text).configuration();
    assertThat(read)
        .isEqualTo(
            Configuration.of(Map.of("w", LISTENER), Map.of("p", POOL))
                .withAccessLog(AccessLog.defaults()));
  }

  @Test
  void withersChangeOneThing() {
    var socket = new ListenerSocket(1, false, true, "600");
    var listener = LISTENER.withMaxConnections(1).withSocket(socket);
    assertThat(listener.maxConnections()).isEqualTo(1);
    assertThat(listener.socket()).isEqualTo(socket);
    assertThat(listener.withMaxConnections(10_000).withSocket(ListenerSocket.defaults()))
        .isEqualTo(LISTENER);

    var pool =
        POOL.withRetries(Retries.of(0))
            .withSocket(new PoolSocket(false, true, "10.0.0.1", "eth1", true));
    assertThat(pool.retries().attempts()).isZero();
    assertThat(pool.withRetries(Retries.defaults()).withSocket(PoolSocket.defaults()))
        .isEqualTo(POOL);
  }

  @Test
  void routesAreThePoolWhenThereIsOne() {
    assertThat(LISTENER.effectiveRoutes()).containsExactly(new Route(null, "p"));
    var routes = List.of(new Route(new Match("A.example.com", "/A"), "a"), new Route(null, "p"));
    assertThat(Listener.http(Address.parse(":80"), routes).effectiveRoutes()).isEqualTo(routes);
    assertThat(routes.getFirst().match()).isEqualTo(new Match("a.example.com", "/A"));
  }
}
