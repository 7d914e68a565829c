package io.steelyard.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who may not come in by the packet plane, and who comes too often. */
@Doc(
    "Who may not come in, and who comes too often: asked for each packet that a client sends to a virtual address. What is refused is dropped and counted.")
public record PacketProtection(
    @Doc(
            "Networks whose packets are dropped, those of open connections too. Of several that hold an address the longest prefix decides.")
        @Default("[]")
        List<Cidr> deny,
    @Doc("Networks that may come in, within larger ones that may not.") @Default("[]")
        List<Cidr> allow,
    @Doc(
            "A file with more of them: `deny NETWORK`, `allow NETWORK` or a network alone (denied) on each line; `#` begins a comment. Room is for 1048576 networks of each family. It is read again when it changes; a file that cannot be read leaves what was.")
        @NotEmpty
        @Nullable String file,
    @Doc(
            "What is dropped for its addresses, protocol and ports: the first rule that a packet is like decides, and what is like none is let in. 64 for each family at most. A fragment counts by the ports of its first one.")
        @Default("[]")
        List<PacketRuleSpec> rules,
    @Doc("How many packets one address may send. Absent: any number.")
        @Nullable PacketLimit packetsPerSource,
    @Doc("How many new connections one address may begin. Absent: any number.")
        @Nullable PacketLimit connectionsPerSource,
    @Doc("What answers TCP clients' SYN. Absent: endpoints.") @Nullable PacketSynProxy synProxy) {
  public PacketProtection {
    deny = List.copyOf(deny);
    allow = List.copyOf(allow);
    rules = List.copyOf(rules);
  }

  /** The section with every key at its default: nothing is refused. */
  public static PacketProtection defaults() {
    return Shape.of(PacketProtection.class).defaults();
  }

  /** Whether sources are looked up in a list. */
  public boolean hasList() {
    return !deny.isEmpty() || !allow.isEmpty() || file != null;
  }
}
