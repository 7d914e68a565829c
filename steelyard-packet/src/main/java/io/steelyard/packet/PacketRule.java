package io.steelyard.packet;

import io.steelyard.model.Cidr;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is done with packets of clients that are like this, each for itself.
 *
 * @param drops or they are let in, without a look at the rules that follow
 * @param source null: any
 * @param destination null: any virtual address
 * @param transport of which they are; {@link Transport#ANY} for any
 * @param sourcePorts of the client
 * @param destinationPorts of the service
 */
public record PacketRule(
    boolean drops,
    @Nullable Cidr source,
    @Nullable Cidr destination,
    Transport transport,
    Ports sourcePorts,
    Ports destinationPorts) {
  /** Room in the programs. */
  static final int MOST = 64;

  /**
   * A range of ports.
   *
   * @param last inclusive
   */
  public record Ports(int first, int last) {
    /** All of them, and packets without ports. */
    public static final Ports ANY = new Ports(0, 65_535);

    public Ports {
      if (first < 0 || last > 65_535 || first > last) {
        throw new IllegalArgumentException(
            "ports " + first + " to " + last + ", expected a range within 0 to 65535");
      }
    }
  }

  public PacketRule {
    Objects.requireNonNull(transport, "transport");
    Objects.requireNonNull(sourcePorts, "sourcePorts");
    Objects.requireNonNull(destinationPorts, "destinationPorts");
    if (source != null && destination != null && bytes(source) != bytes(destination)) {
      throw new IllegalArgumentException(
          "a rule from " + source + " to " + destination + ", expected one family");
    }
  }

  private static int bytes(Cidr network) {
    return network.first().length;
  }

  /** Whether packets of a family can be like this. */
  boolean isOf(Family family) {
    return (source == null || bytes(source) == family.addressBytes())
        && (destination == null || bytes(destination) == family.addressBytes());
  }
}
