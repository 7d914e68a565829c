package io.steelyard.health.probe;

import static java.util.Objects.requireNonNull;

import io.steelyard.model.Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * Whom a probe looks at.
 *
 * @param address host and port
 * @param sourceAddress the address of this machine to come from, an IP address; null: any
 */
public record ProbeTarget(Address address, @Nullable String sourceAddress) {
  public ProbeTarget {
    requireNonNull(address, "address");
  }

  /** A target to which the system chooses the way. */
  public static ProbeTarget of(Address address) {
    return new ProbeTarget(address, null);
  }

  /** The host's address now; names are looked up anew (Java remembers them for 30 seconds). */
  InetAddress host() throws ProbeFailure {
    try {
      return InetAddress.getByName(address.host());
    } catch (UnknownHostException e) {
      throw ProbeFailure.l3("the name " + address.host() + " is not known");
    }
  }

  InetSocketAddress socketAddress() throws ProbeFailure {
    return new InetSocketAddress(host(), address.port());
  }

  /** The address of this machine to come from; null: any. */
  @Nullable InetSocketAddress source() {
    return sourceAddress == null
        ? null
        : new InetSocketAddress(InetAddress.ofLiteral(sourceAddress), 0);
  }
}
