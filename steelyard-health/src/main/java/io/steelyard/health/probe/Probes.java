package io.steelyard.health.probe;

import io.steelyard.model.AgentProbeSpec;
import io.steelyard.model.CommandProbeSpec;
import io.steelyard.model.DnsProbeSpec;
import io.steelyard.model.GrpcProbeSpec;
import io.steelyard.model.HttpProbeSpec;
import io.steelyard.model.HttpStepsProbeSpec;
import io.steelyard.model.IcmpProbeSpec;
import io.steelyard.model.LdapProbeSpec;
import io.steelyard.model.MysqlProbeSpec;
import io.steelyard.model.PostgresqlProbeSpec;
import io.steelyard.model.ProbeSpec;
import io.steelyard.model.RedisProbeSpec;
import io.steelyard.model.SmtpProbeSpec;
import io.steelyard.model.TcpProbeSpec;
import io.steelyard.model.UdpProbeSpec;
import java.util.List;

/** The probe for each description: a line for each kind. */
public final class Probes {
  private Probes() {}

  /**
   * The probe that does what is described.
   *
   * @param spec validated
   */
  public static Probe of(ProbeSpec spec) {
    return switch (spec) {
      case TcpProbeSpec tcp -> new TcpProbe(tcp);
      case HttpProbeSpec http -> new HttpProbe(List.of(http));
      case HttpStepsProbeSpec steps -> new HttpProbe(steps.steps());
      case UdpProbeSpec udp -> new UdpProbe(udp);
      case GrpcProbeSpec grpc -> new GrpcProbe(grpc);
      case IcmpProbeSpec icmp -> new IcmpProbe(icmp);
      case CommandProbeSpec command -> new CommandProbe(command);
      case AgentProbeSpec agent -> new AgentProbe(agent);
      case DnsProbeSpec dns -> new DnsProbe(dns);
      case SmtpProbeSpec smtp -> new SmtpProbe(smtp);
      case RedisProbeSpec redis -> new RedisProbe(redis);
      case MysqlProbeSpec _ -> new MysqlProbe();
      case PostgresqlProbeSpec postgresql -> new PostgresqlProbe(postgresql);
      case LdapProbeSpec ldap -> new LdapProbe(ldap);
    };
  }
}
