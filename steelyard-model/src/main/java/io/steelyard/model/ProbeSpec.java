package io.steelyard.model;

/** What one probe does, whatever its kind. Equal probes of one address are one and the same. */
public sealed interface ProbeSpec
    permits AgentProbeSpec,
        CommandProbeSpec,
        DnsProbeSpec,
        GrpcProbeSpec,
        HttpProbeSpec,
        HttpStepsProbeSpec,
        IcmpProbeSpec,
        LdapProbeSpec,
        MysqlProbeSpec,
        PostgresqlProbeSpec,
        RedisProbeSpec,
        SmtpProbeSpec,
        TcpProbeSpec,
        UdpProbeSpec {}
