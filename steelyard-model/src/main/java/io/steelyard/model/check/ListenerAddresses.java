package io.steelyard.model.check;

import io.steelyard.model.Address;
import io.steelyard.model.KeyPath;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds addresses that cannot be listened on at the same time: equal ones, and a host together with
 * a wildcard that includes it on the same port. The IPv6 wildcard includes IPv4, as sockets of Java
 * do.
 */
final class ListenerAddresses {
  private static final List<String> WILDCARDS = List.of("", "::", "0.0.0.0");

  /** A host's owner, by port and host. */
  private final Map<Integer, Map<String, KeyPath>> ports = new HashMap<>();

  /** Those that datagrams come to: nothing to do with the addresses of connections. */
  private final Map<Integer, Map<String, KeyPath>> datagramPorts = new HashMap<>();

  /** Takes an address for its owner; null, or the owner that is in the way. */
  @Nullable KeyPath take(Address address, KeyPath owner) {
    return take(ports, address, owner);
  }

  /** The same for datagrams. */
  @Nullable KeyPath takeDatagrams(Address address, KeyPath owner) {
    return take(datagramPorts, address, owner);
  }

  private static @Nullable KeyPath take(
      Map<Integer, Map<String, KeyPath>> ports, Address address, KeyPath owner) {
    if (address.port() == 0 && !address.isUnix()) {
      return null; // each listener gets a port of its own
    }
    KeyPath first = null;
    for (int port = address.port(); port <= address.lastPort(); port++) {
      var hosts = ports.computeIfAbsent(port, _ -> new LinkedHashMap<>());
      var other = find(hosts, address);
      hosts.putIfAbsent(address.host(), owner);
      first = first == null ? other : first;
    }
    return first;
  }

  private static @Nullable KeyPath find(Map<String, KeyPath> hosts, Address address) {
    var same = hosts.get(address.host());
    if (same != null) {
      return same;
    }
    for (var wildcard : WILDCARDS) {
      if (includes(wildcard, address.host()) && hosts.containsKey(wildcard)) {
        return hosts.get(wildcard);
      }
    }
    if (!address.isWildcard()) {
      return null;
    }
    return hosts.entrySet().stream()
        .filter(host -> includes(address.host(), host.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(null);
  }

  /**
   * Whether a wildcard includes a host. Only IPv4's does not include everything; a name may be
   * either.
   */
  private static boolean includes(String wildcard, String host) {
    boolean onlyIpv6 = host.indexOf(':') >= 0 && !host.equals("::");
    return !wildcard.equals("0.0.0.0") || !onlyIpv6;
  }
}
