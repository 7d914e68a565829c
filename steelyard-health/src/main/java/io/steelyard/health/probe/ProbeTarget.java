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
 * @param host that it goes by: a name that led to the address, or the address's own host
 * @param sourceAddress the address of this machine to come from, an IP address; null: any
 */
public record ProbeTarget(Address address, String host, @Nullable String sourceAddress) {
  public ProbeTarget {
    requireNonNull(address, "address");
    requireNonNull(host, "host");
  }

  /** A target that goes by its address. */
  public ProbeTarget(Address address, @Nullable String sourceAddress) {
    this(address, address.host(), sourceAddress);
  }

  /** Host and port as the target itself is to see them. */
  Address named() {
    return new Address(host, address.port());
  }

  /** A target to which the system chooses the way. */
  public static ProbeTarget of(Address address) {
    return new ProbeTarget(address, null);
  }

  /** Whether nothing has to be looked up or chosen before it is connected to. */
  public boolean isPlain() {
    return !address.isName() && address.host().indexOf('%') < 0 && sourceAddress == null;
  }

  /** The host's address now; names are looked up anew (Java remembers them for 30 seconds). */
  InetAddress inetAddress() throws ProbeFailure {
    try {
      return InetAddress.getByName(address.host());
    } catch (UnknownHostException e) {
      throw ProbeFailure.l3("the name " + address.host() + " is not known");
    }
  }

  InetSocketAddress socketAddress() throws ProbeFailure {
    return new InetSocketAddress(inetAddress(), address.port());
  }

  /** The address of this machine to come from; null: any. */
  @Nullable InetSocketAddress source() {
    return sourceAddress == null
        ? null
        : new InetSocketAddress(InetAddress.ofLiteral(sourceAddress), 0);
  }
}
