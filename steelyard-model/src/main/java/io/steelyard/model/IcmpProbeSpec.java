package io.steelyard.model;

/** Pings the endpoint's host. */
@Doc(
    "Pings the endpoint's host: an ICMP echo request and its reply. Says nothing of the port: all endpoints on the host are up"
        + " or down together. Needs Linux, and permission: the group in `net.ipv4.ping_group_range`, or CAP_NET_RAW.")
public record IcmpProbeSpec(
    @Doc("How many bytes of data a ping carries.") @Default("56") @Range(min = "0", max = "1400")
        int size)
    implements ProbeSpec {}
