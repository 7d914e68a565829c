package io.steelyard.packet;

import io.steelyard.model.Cidr;
import io.steelyard.packet.bpf.BpfMap;
import io.steelyard.packet.bpf.Btf;
import io.steelyard.packet.bpf.Struct;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes rules as the programs of a family read them. */
final class RuleTable {
  private final Family family;
  private final Struct layout;

  RuleTable(Family family, Btf btf) {
    this.family = family;
    layout = btf.struct("rule");
  }

  /** Those that packets of the family can be like. */
  static List<PacketRule> of(Family family, List<PacketRule> rules) {
    return rules.stream().filter(rule -> rule.isOf(family)).toList();
  }

  void write(List<PacketRule> rules, BpfMap map) {
    try (var arena = Arena.ofConfined()) {
      for (int i = 0; i < rules.size(); i++) {
        map.update(arena.allocateFrom(ValueLayout.JAVA_INT, i), entry(rules.get(i), arena));
      }
    }
  }

  private MemorySegment entry(PacketRule rule, Arena arena) {
    var entry = layout.allocate(arena);
    put(entry, "source", rule.source());
    put(entry, "destination", rule.destination());
    layout.field("source_first").set(entry, rule.sourcePorts().first());
    layout.field("source_last").set(entry, rule.sourcePorts().last());
    layout.field("destination_first").set(entry, rule.destinationPorts().first());
    layout.field("destination_last").set(entry, rule.destinationPorts().last());
    layout.field("protocol").set(entry, rule.transport().number(family));
    layout.field("drops").set(entry, rule.drops() ? 1 : 0);
    return entry;
  }

  private void put(MemorySegment entry, String field, @Nullable Cidr network) {
    if (network != null) {
      layout.field(field).setBytes(entry, network.first());
      layout
          .field(field + "_mask")
          .setBytes(entry, Wire.firstBits(network.bits(), family.addressBytes()));
    }
  }
}
