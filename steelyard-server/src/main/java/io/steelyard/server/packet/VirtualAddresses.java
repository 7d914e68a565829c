package io.steelyard.server.packet;

import io.steelyard.packet.linux.Announcer;
import io.steelyard.packet.linux.InterfaceAddresses;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The virtual addresses at this machine's interfaces. Only addresses for themselves alone (/32,
 * /128) are ever taken off: one with a network is the machine's own, whoever listens there. For one
 * thread.
 */
final class VirtualAddresses {
  private static final Logger LOG = LoggerFactory.getLogger(VirtualAddresses.class);

  private final InterfaceAddresses addresses = new InterfaceAddresses();
  private final Announcer announcer = new Announcer();
  private final Set<Place> places = new LinkedHashSet<>();

  private record Place(String device, InetAddress address) {}

  /**
   * The address is at this interface from now on.
   *
   * @throws IllegalArgumentException when there is no such interface
   */
  void add(String device, InetAddress address) {
    if (places.add(new Place(device, address)) && prefixLength(device, address) < 0) {
      addresses.add(device, address);
      LOG.info("Address {} is at {}", address.getHostAddress(), device);
    }
  }

  /** Tells the network of all of them. */
  void announce() {
    for (var place : places) {
      try {
        announcer.announce(place.device, place.address);
      } catch (RuntimeException problem) {
        LOG.warn(
            "Address {} could not be announced at {}: {}",
            place.address.getHostAddress(),
            place.device,
            problem.getMessage());
      }
    }
  }

  /** Takes all of them off. */
  void removeAll() {
    places.forEach(place -> remove(place.device, place.address));
    places.clear();
  }

  /** Takes off what a process before this one left. */
  void removeLeft(Collection<String> devices, Collection<InetAddress> left) {
    for (var device : devices) {
      left.forEach(address -> remove(device, address));
    }
  }

  private void remove(String device, InetAddress address) {
    try {
      if (prefixLength(device, address) == address.getAddress().length * Byte.SIZE
          && addresses.remove(device, address)) {
        LOG.info("Address {} is no longer at {}", address.getHostAddress(), device);
      }
    } catch (RuntimeException problem) {
      LOG.warn(
          "Address {} could not be taken off {}: {}",
          address.getHostAddress(),
          device,
          problem.getMessage());
    }
  }

  /** Of the address at the interface; -1 when it is not there. */
  private static int prefixLength(String device, InetAddress address) {
    try {
      var found = NetworkInterface.getByName(device);
      if (found == null) {
        throw new IllegalArgumentException("there is no interface " + device);
      }
      return found.getInterfaceAddresses().stream()
          .filter(each -> sameBytes(each.getAddress(), address))
          .mapToInt(InterfaceAddress::getNetworkPrefixLength)
          .findFirst()
          .orElse(-1);
    } catch (SocketException problem) {
      throw new IllegalStateException(problem);
    }
  }

  /** Without the interface that a link-local address names. */
  private static boolean sameBytes(InetAddress a, InetAddress b) {
    return Arrays.equals(a.getAddress(), b.getAddress());
  }
}
