package io.steelyard.packet.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What the kernel's settings have to be for packets to get through, and the command that makes them
 * so. Reads and changes nothing.
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
    var missing = new ArrayList<String>();
    require(missing, "net/ipv4/conf/all/arp_ignore", 1, 2);
    require(missing, "net/ipv4/conf/all/arp_announce", 2, 2);
    allowOtherWays(missing, interfaceName);
    return missing;
  }

  /**
   * For a balancer: it need not forward by itself, as the programs do; but where it has several
   * interfaces, the kernel must take what the programs leave to it.
   */
  public List<String> missingAtBalancer(String interfaceName) {
    var missing = new ArrayList<String>();
    allowOtherWays(missing, interfaceName);
    return missing;
  }

  /** The stricter of "all" and the interface's own counts: 1 is strict, 2 loose, 0 off. */
  private void allowOtherWays(List<String> missing, String interfaceName) {
    for (var name : List.of("all", interfaceName)) {
      var setting = "net/ipv4/conf/" + name + "/rp_filter";
      if (read(setting) == 1) {
        missing.add(command(setting, 2));
      }
    }
  }

  private void require(List<String> missing, String setting, int least, int most) {
    int found = read(setting);
    if (found < least || found > most) {
      missing.add(command(setting, least));
    }
  }

  private static String command(String setting, int value) {
    // A dot within an interface's name is written as a slash, as sysctl(8) wants it.
    var name = new StringBuilder();
    setting.chars().forEach(c -> name.append(c == '/' ? '.' : c == '.' ? '/' : (char) c));
    return "sysctl -w " + name + "=" + value;
  }

  private int read(String setting) {
    try {
      return Integer.parseInt(Files.readString(root.resolve(setting)).strip());
    } catch (IOException | NumberFormatException missing) {
      return -1;
    }
  }
}
