package io.steelyard.model;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the listeners of protocol {@code packet} share: one plane per process. */
@Doc("The packet plane: what the listeners of protocol `packet` share. One per process.")
public record PacketPlaneSpec(
    @Doc(
            "The interfaces whose frames it looks at: those that clients' packets come in by and, with `nat` and `fullnat`, those that endpoints answer by.")
        @NotEmpty
        List<String> interfaces,
    @Doc(
            "Where the programs run: `native`, in the driver; or `generic`, which every driver can, at several times the cost.")
        @Default("native")
        Xdp xdp,
    @Doc(
            "A directory in a bpffs that keeps programs and connections when the process dies; the next one goes on with them. Empty: they die with it.")
        @Default("/sys/fs/bpf/steelyard")
        String pins,
    @Doc(
            "What an orderly stop leaves: `remove` takes programs and virtual addresses away; `keep` lets the kernel go on until the next start (needs `pins`).")
        @Default("remove")
        OnStop onStop,
    @Doc(
            "Send every frame by redirection. For veth, which loses what is sent back the way it came when its other side has no XDP program.")
        @Default("false")
        boolean redirect,
    @Doc(
            "How many connections are remembered, for IPv4 and IPv6 each; `nat` and `fullnat` need two entries for each. Beyond that the one not used for longest is forgotten. An entry takes about 150 bytes (IPv4) or 200 (IPv6).")
        @Default("1048576")
        @Range(min = "1024", max = "100000000")
        int maxConnections,
    @Doc(
            "The same number on several balancers sends a client to the same endpoint from each of them.")
        @Default("0")
        int hashSeed,
    @Doc("How often silent connections are removed and the others counted.")
        @Default("5s")
        @Range(min = "1s", max = "1m")
        Duration sweepInterval,
    @Doc("After which silence a connection is forgotten.") @Default("{}") PacketTimeouts timeouts,
    @Doc("Who may not come in, and who comes too often.") @Default("{}")
        PacketProtection protection,
    @Doc("Who gets copies of what is carried. Absent: nobody.") @Nullable PacketMirror mirror) {
  /** Where XDP programs run. */
  public enum Xdp {
    /** In the driver. */
    NATIVE,
    /** After the kernel has made a packet buffer. */
    GENERIC
  }

  /** What an orderly stop leaves. */
  public enum OnStop {
    /** Nothing. */
    REMOVE,
    /** All that is pinned, and the virtual addresses. */
    KEEP
  }

  public PacketPlaneSpec {
    interfaces = List.copyOf(interfaces);
    requireNonNull(xdp, "xdp");
    requireNonNull(pins, "pins");
    requireNonNull(onStop, "onStop");
    requireNonNull(sweepInterval, "sweepInterval");
    requireNonNull(timeouts, "timeouts");
    requireNonNull(protection, "protection");
  }

  /** A plane on these interfaces with all else at its default. */
  public static PacketPlaneSpec of(List<String> interfaces) {
    var shape = Shape.of(PacketPlaneSpec.class);
    return new PacketPlaneSpec(
        interfaces,
        shape.<Xdp>defaultOf("xdp"),
        shape.<String>defaultOf("pins"),
        shape.<OnStop>defaultOf("onStop"),
        shape.<Boolean>defaultOf("redirect"),
        shape.<Integer>defaultOf("maxConnections"),
        shape.<Integer>defaultOf("hashSeed"),
        shape.<Duration>defaultOf("sweepInterval"),
        PacketTimeouts.defaults(),
        PacketProtection.defaults(),
        null);
  }
}
