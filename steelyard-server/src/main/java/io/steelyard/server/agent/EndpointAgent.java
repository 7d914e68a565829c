package io.steelyard.server.agent;

import io.steelyard.packet.Decapsulator;
import io.steelyard.packet.bpf.XdpMode;
import io.steelyard.packet.linux.InterfaceAddresses;
import io.steelyard.packet.linux.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes this machine an endpoint of DR and TUN services for as long as it is open: the virtual
 * addresses on lo, ARP silent for them, packets taken out of tunnels. The kernel's settings stay
 * when it closes. For one thread.
 */
public final class EndpointAgent implements AutoCloseable {
  private static final String LOOPBACK = "lo";

  private final InterfaceAddresses addresses = new InterfaceAddresses();
  private final Set<InetAddress> added = new LinkedHashSet<>();
  private @Nullable Decapsulator decapsulator;

  private EndpointAgent() {}

  /**
   * Begins.
   *
   * @param interfaceName by which packets come
   * @param vips virtual addresses
   * @param balancers whose tunnels are opened; none without tunnels
   * @param told is told each thing that was done
   * @throws RuntimeException when something cannot be done; nothing but settings is left then
   */
  public static EndpointAgent start(
      String interfaceName,
      List<InetAddress> vips,
      List<Network> balancers,
      XdpMode xdp,
      Consumer<String> told)
      throws IOException {
    var agent = new EndpointAgent();
    try {
      // First: an address that answers ARP for a moment takes the balancer's traffic.
      new Settings().mendAtEndpoint(interfaceName).forEach(told);
      for (var vip : vips) {
        if (agent.addresses.add(LOOPBACK, vip)) {
          agent.added.add(vip);
          told.accept("ip addr add " + host(vip) + " dev lo");
        }
      }
      if (!balancers.isEmpty()) {
        var opened = Decapsulator.open(interfaceName, xdp);
        agent.decapsulator = opened;
        balancers.forEach(each -> opened.accept(each.address(), each.prefixLength()));
        told.accept("tunnels of " + balancers.size() + " networks are opened at " + interfaceName);
      }
      return agent;
    } catch (IOException | RuntimeException refused) {
      agent.close();
      throw refused;
    }
  }

  /**
   * What is missing for this machine to be an endpoint, as sentences and commands.
   *
   * @param tunnel whether packets come in tunnels
   */
  public static List<String> missing(String interfaceName, List<InetAddress> vips, boolean tunnel) {
    var missing = new ArrayList<>(new Settings().missingAtEndpoint(interfaceName));
    for (var vip : vips) {
      var places = interfacesOf(vip);
      if (places.isEmpty()) {
        missing.add("ip addr add " + host(vip) + " dev lo");
      }
      for (var place : places) {
        if (!place.equals(LOOPBACK)) {
          missing.add(
              "ip addr del "
                  + host(vip)
                  + " dev "
                  + place
                  + "   # there it answers ARP; it belongs to lo");
        }
      }
    }
    if (tunnel && !opensTunnels()) {
      missing.add(
          "ip link set tunl0 up   # or: steelyard endpoint-agent with --balancer; nothing takes packets out of IP in IP");
    }
    return missing;
  }

  private static String host(InetAddress address) {
    return address.getHostAddress() + "/" + address.getAddress().length * Byte.SIZE;
  }

  private static List<String> interfacesOf(InetAddress address) {
    try {
      return NetworkInterface.networkInterfaces()
          .filter(device ->
              device
                  .inetAddresses()
                  .anyMatch(each -> Arrays.equals(each.getAddress(), address.getAddress())))
          .map(NetworkInterface::getName)
          .toList();
    } catch (SocketException problem) {
      throw new IllegalStateException(problem);
    }
  }

  /** A tunnel device of the kernel's that is up; an agent's own program is in its own process. */
  private static boolean opensTunnels() {
    try {
      for (var device : NetworkInterface.networkInterfaces().toList()) {
        if (device.getName().matches("tunl.*|ipip.*|ip6tnl.*|fou.*") && device.isUp()) {
          return true;
        }
      }
      return false;
    } catch (SocketException problem) {
      throw new IllegalStateException(problem);
    }
  }

  @Override
  public void close() {
    added.forEach(vip -> addresses.remove(LOOPBACK, vip));
    added.clear();
    if (decapsulator != null) {
      decapsulator.close();
      decapsulator = null;
    }
  }
}
