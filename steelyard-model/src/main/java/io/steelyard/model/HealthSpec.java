package io.steelyard.model;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a pool's endpoints are probed. */
@Doc(
    "How the endpoints are probed (active health checks). There is exactly one kind of probe, and how often it runs. An endpoint takes"
        + " no traffic before its first probe has passed. Pools that probe the same address in the same way share the probe,"
        + " which then runs as often as the most demanding of them wants.")
@ExactlyOne({
  "tcp",
  "udp",
  "http",
  "http-steps",
  "icmp",
  "command",
  "agent",
  "dns",
  "smtp",
  "redis",
  "mysql",
  "postgresql",
  "ldap"
})
public record HealthSpec(
    @Doc("Connects. `tcp: {}` does no more than that.") @Nullable TcpProbeSpec tcp,
    @Doc("Sends a datagram.") @Nullable UdpProbeSpec udp,
    @Doc("Sends an HTTP request.") @Nullable HttpProbeSpec http,
    @Doc(
            "Sends several HTTP requests, each after the one before has been answered as expected: log in, ask, look.")
        @Default("[]")
        @NotEmpty
        List<HttpProbeSpec> httpSteps,
    @Doc("Pings.") @Nullable IcmpProbeSpec icmp,
    @Doc("Runs a program.") @Nullable CommandProbeSpec command,
    @Doc("Asks an agent beside the endpoint.") @Nullable AgentProbeSpec agent,
    @Doc("Asks a name server.") @Nullable DnsProbeSpec dns,
    @Doc("Greets a mail server.") @Nullable SmtpProbeSpec smtp,
    @Doc("Pings Redis.") @Nullable RedisProbeSpec redis,
    @Doc("Waits for the greeting of MySQL.") @Nullable MysqlProbeSpec mysql,
    @Doc("Begins a session with PostgreSQL.") @Nullable PostgresqlProbeSpec postgresql,
    @Doc("Binds to a directory.") @Nullable LdapProbeSpec ldap,
    @Doc("From the start of one probe to the start of the next.")
        @Default("2s")
        @Range(min = "10ms", max = "24h")
        Duration interval,
    @Doc(
            "The same while the endpoint's state may be about to change: it is UP and the last probe failed, or DOWN and the last"
                + " one passed. Absent: as `interval`.")
        @Range(min = "10ms", max = "24h")
        @Nullable Duration fastInterval,
    @Doc("The time that a probe has for all that it does; not longer than an interval.")
        @Default("1s")
        @Range(min = "1ms", max = "1h")
        Duration timeout,
    @Doc("Passed probes in a row that bring an endpoint UP again.")
        @Default("2")
        @Range(min = "1", max = "1000")
        int rise,
    @Doc("Failed probes in a row that take an endpoint DOWN. The very first probe decides alone.")
        @Default("3")
        @Range(min = "1", max = "1000")
        int fall,
    @Doc("The port that is probed. 0: the endpoint's own.")
        @Default("0")
        @Range(min = "0", max = "65535")
        int port,
    @Doc("The host that is probed instead of the endpoint's own.") @NotEmpty @Nullable String host,
    @Doc("The address of this machine that probes come from. Absent: the system chooses.")
        @Syntax(
            pattern = "^([0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)$",
            expected = "an IP address")
        @Nullable String sourceAddress) {
  public HealthSpec {
    httpSteps = List.copyOf(httpSteps);
    requireNonNull(interval, "interval");
    requireNonNull(timeout, "timeout");
  }

  /** One kind of probe, all else at its default. */
  public static HealthSpec of(ProbeSpec probe) {
    var none = Shape.of(HealthSpec.class).defaults();
    return new HealthSpec(
        probe instanceof TcpProbeSpec tcp ? tcp : null,
        probe instanceof UdpProbeSpec udp ? udp : null,
        probe instanceof HttpProbeSpec http ? http : null,
        probe instanceof HttpStepsProbeSpec steps ? steps.steps() : List.of(),
        probe instanceof IcmpProbeSpec icmp ? icmp : null,
        probe instanceof CommandProbeSpec command ? command : null,
        probe instanceof AgentProbeSpec agent ? agent : null,
        probe instanceof DnsProbeSpec dns ? dns : null,
        probe instanceof SmtpProbeSpec smtp ? smtp : null,
        probe instanceof RedisProbeSpec redis ? redis : null,
        probe instanceof MysqlProbeSpec mysql ? mysql : null,
        probe instanceof PostgresqlProbeSpec postgresql ? postgresql : null,
        probe instanceof LdapProbeSpec ldap ? ldap : null,
        none.interval,
        none.fastInterval,
        none.timeout,
        none.rise,
        none.fall,
        none.port,
        none.host,
        none.sourceAddress);
  }

  /** The probes that are given; a valid section has exactly one. */
  public List<ProbeSpec> probes() {
    var given = new ArrayList<@Nullable ProbeSpec>();
    given.add(tcp);
    given.add(udp);
    given.add(http);
    given.add(httpSteps.isEmpty() ? null : new HttpStepsProbeSpec(httpSteps));
    given.add(icmp);
    given.add(command);
    given.add(agent);
    given.add(dns);
    given.add(smtp);
    given.add(redis);
    given.add(mysql);
    given.add(postgresql);
    given.add(ldap);
    return given.stream()
        .<ProbeSpec>mapMulti((probe, sink) -> {
          if (probe != null) {
            sink.accept(probe);
          }
        })
        .toList();
  }

  /** This with another interval, also while it is uncertain, and another timeout. */
  public HealthSpec withTimes(Duration newInterval, Duration newTimeout) {
    return with("interval", newInterval).with("fastInterval", null).with("timeout", newTimeout);
  }

  /** This with another {@link #rise} and {@link #fall}. */
  public HealthSpec withThresholds(int newRise, int newFall) {
    return with("rise", newRise).with("fall", newFall);
  }

  private HealthSpec with(String component, @Nullable Object value) {
    return Shape.of(HealthSpec.class).with(this, component, value);
  }
}
