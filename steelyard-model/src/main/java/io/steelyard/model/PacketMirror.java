package io.steelyard.model;

import java.util.List;

/** Who gets copies of what the packet plane carries. */
@Doc(
    "Copies for whoever looks at traffic: what listeners with `mirror: true` carry leaves by another interface, too, as it leaves for its receiver. Needs Linux 5.14.")
public record PacketMirror(
    @Doc("The interface that copies are sent by: a network card of its own, or a veth.") @NotEmpty
        String tap,
    @Doc("Whose connections are copied, from their first packet on. Absent: those of all clients.")
        @Default("[]")
        List<Cidr> sources) {
  public PacketMirror {
    sources = List.copyOf(sources);
  }
}
