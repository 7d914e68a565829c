package io.steelyard.server.packet;

import io.steelyard.packet.KernelForwardingPlane;
import io.steelyard.packet.PacketTrace;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Shows decisions to whoever asks for them, and lets the programs stop looking when nobody has
 * asked for a while. Thread-safe.
 */
final class Tracer {
  private static final long PATIENCE_NANOS = Duration.ofSeconds(10).toNanos();

  private final KernelForwardingPlane plane;
  private final Set<InetAddress> vips;
  private @Nullable Wanted wanted;
  private long asked;

  private record Wanted(InetAddress vip, int every) {}

  Tracer(KernelForwardingPlane plane, Set<InetAddress> vips) {
    this.plane = plane;
    this.vips = Set.copyOf(vips);
  }

  /**
   * What was decided since the same was asked for last.
   *
   * @throws IllegalArgumentException when it is no virtual address
   */
  synchronized List<String> take(InetAddress vip, int every) {
    if (!vips.contains(vip)) {
      var known =
          vips.stream().map(InetAddress::getHostAddress).sorted().collect(Collectors.joining(", "));
      throw new IllegalArgumentException(
          vip.getHostAddress() + " is no listener's address, expected one of " + known);
    }
    var now = new Wanted(vip, every);
    asked = System.nanoTime();
    if (!now.equals(wanted)) {
      plane.trace(vip, every);
      plane.traced(); // what somebody else wanted to see
      wanted = now;
    }
    return plane.traced().stream().map(PacketTrace::toString).toList();
  }

  /** Ends what nobody looks at. */
  synchronized void rest() {
    if (wanted != null && System.nanoTime() - asked > PATIENCE_NANOS) {
      plane.endTrace();
      wanted = null;
    }
  }
}
