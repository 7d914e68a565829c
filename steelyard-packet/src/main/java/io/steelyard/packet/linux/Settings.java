package io.steelyard.packet.linux;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What the kernel's settings have to be for packets to get through, and the command that makes them
 * so.
 */
public final class Settings {
  private static final Path SYSCTL = Path.of("/proc/sys");

  private final Path root;

  /** Those of the network namespace of the thread that asks. */
  public Settings() {
    this(SYSCTL);
  }

  Settings(Path root) {
    this.root = root;
  }

  /**
   * For an endpoint of DR and TUN, which has the virtual address: it must not answer ARP for it,
   * and must take packets whose way back leads elsewhere.
   *
   * @return commands, in the order in which to run them; empty when nothing is missing
   */
  public List<String> missingAtEndpoint(String interfaceName) {
    return commands(wantedAtEndpoint(interfaceName));
  }

  /**
   * Makes them so at an endpoint; needs CAP_NET_ADMIN.
   *
   * @return the commands that would have done the same
   * @throws UncheckedIOException when the kernel refuses
   */
  public List<String> mendAtEndpoint(String interfaceName) {
    var wanted = wantedAtEndpoint(interfaceName);
    for (var each : wanted) {
      try {
        Files.writeString(root.resolve(each.setting), each.value + "\n");
      } catch (IOException problem) {
        throw new UncheckedIOException("cannot do " + each.command(), problem);
      }
    }
    return commands(wanted);
  }

  private List<Wanted> wantedAtEndpoint(String interfaceName) {
    var missing = new ArrayList<Wanted>();
    require(missing, "net/ipv4/conf/all/arp_ignore", 1, 2);
    require(missing, "net/ipv4/conf/all/arp_announce", 2, 2);
    allowOtherWays(missing, interfaceName);
    return missing;
  }

  private static List<String> commands(List<Wanted> wanted) {
    return wanted.stream().map(Wanted::command).toList();
  }

  /**
   * For a balancer: it need not forward by itself, as the programs do; but where it has several
   * interfaces, the kernel must take what the programs leave to it.
   */
  public List<String> missingAtBalancer(String interfaceName) {
    var missing = new ArrayList<Wanted>();
    allowOtherWays(missing, interfaceName);
    return commands(missing);
  }

  /**
   * For a balancer that is its endpoints' gateway (NAT): the programs forward what belongs to a
   * service, and the kernel has to forward what endpoints begin themselves.
   *
   * @param ipv6 whether it is the gateway of IPv6 endpoints
   */
  public List<String> missingAtGateway(boolean ipv6) {
    var missing = new ArrayList<Wanted>();
    require(missing, ipv6 ? "net/ipv6/conf/all/forwarding" : "net/ipv4/ip_forward", 1, 1);
    return commands(missing);
  }

  /** The stricter of "all" and the interface's own counts: 1 is strict, 2 loose, 0 off. */
  private void allowOtherWays(List<Wanted> missing, String interfaceName) {
    for (var name : List.of("all", interfaceName)) {
      var setting = "net/ipv4/conf/" + name + "/rp_filter";
      if (read(setting) == 1) {
        missing.add(new Wanted(setting, 2));
      }
    }
  }

  private void require(List<Wanted> missing, String setting, int least, int most) {
    int found = read(setting);
    if (found < least || found > most) {
      missing.add(new Wanted(setting, least));
    }
  }

  /** A file below /proc/sys, and what it has to say. */
  private record Wanted(String setting, int value) {
    String command() {
      // A dot within an interface's name is written as a slash, as sysctl(8) wants it.
      var name = new StringBuilder();
      setting.chars().forEach(c -> name.append(c == '/' ? '.' : c == '.' ? '/' : (char) c));
      return "sysctl -w " + name + "=" + value;
    }
  }

  private int read(String setting) {
    try {
      return Integer.parseInt(Files.readString(root.resolve(setting)).strip());
    } catch (IOException | NumberFormatException missing) {
      return -1;
    }
  }
}
