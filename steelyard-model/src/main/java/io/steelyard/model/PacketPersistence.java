package io.steelyard.model;

/** All connections of a client go to one endpoint. */
@Doc("All connections of a client's network go to one endpoint.")
public record PacketPersistence(
    @Doc(
            "How many first bits of the client's address make its network: 32 (IPv4) or 128 (IPv6) for each address by itself, 24 for what is alike but for the last number.")
        @Range(min = "0", max = "128")
        int sourcePrefix) {}
