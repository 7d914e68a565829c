package io.steelyard.packet;

import io.steelyard.packet.linux.MacAddress;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * A packet that a program saw, and what became of it.
 *
 * @param nanos CLOCK_MONOTONIC, as {@link System#nanoTime}
 * @param protocol the number in the IP header
 * @param tcpFlags of TCP
 * @param length from the IP header on
 * @param cause how it came
 * @param effect what became of it
 */
public record PacketTrace(
    long nanos, int protocol, int tcpFlags, int length, Hop cause, Effect effect) {
  private static final String[] FLAGS = {"FIN", "SYN", "RST", "PSH", "ACK", "URG"};

  /** A packet on a wire. */
  public record Hop(
      PacketEndpoint source,
      PacketEndpoint destination,
      MacAddress macSource,
      MacAddress macDestination,
      int interfaceIndex) {
    @Override
    public String toString() {
      return "%s → %s  %s → %s".formatted(source, destination, macSource, macDestination);
    }
  }

  /** What became of it. */
  public sealed interface Effect {
    /** It went no further. */
    record Dropped(DropReason reason) implements Effect {}

    /**
     * It went on.
     *
     * @param fresh it began a connection, or was chosen for anew
     * @param answer it is an endpoint's answer
     * @param endpoint whose connection it is
     * @param hop how it left; null when this machine is the endpoint
     */
    record Carried(
        String mode, boolean fresh, boolean answer, InetAddress endpoint, @Nullable Hop hop)
        implements Effect {}
  }

  /** One line for people. */
  @Override
  public String toString() {
    return "%-8s %-14s %s  %s".formatted(transport(), what(), cause, text(effect));
  }

  private String transport() {
    for (var transport : Transport.values()) {
      boolean known = transport != Transport.ANY && transport != Transport.ICMP;
      if (known && transport.number(Family.IPV4) == protocol) {
        return transport.name();
      }
    }
    return protocol == 1 || protocol == 58 ? "ICMP" : "IP " + protocol;
  }

  private String what() {
    var text = new StringBuilder();
    for (int i = 0; i < FLAGS.length; i++) {
      if ((tcpFlags >> i & 1) != 0) {
        text.append(text.isEmpty() ? "" : ",").append(FLAGS[i]);
      }
    }
    return text.append(text.isEmpty() ? "" : " ").append(length).append(" B").toString();
  }

  private static String text(Effect effect) {
    return switch (effect) {
      case Effect.Dropped(DropReason reason) -> "dropped: " + reason;
      case Effect.Carried carried -> {
        var hop = carried.hop;
        var how = carried.answer ? "answer" : carried.fresh ? "new" : "known";
        yield "⇒ %s %s RIP %s  %s"
            .formatted(
                carried.mode,
                how,
                carried.endpoint.getHostAddress(),
                hop == null ? "here" : hop.toString());
      }
    };
  }
}
