package io.steelyard.packet.lab;

import io.steelyard.packet.linux.MacAddress;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What LVS's books call the addresses: CIP and CMAC the client's, VIP the virtual one, DIP and DMAC
 * the director's, LIP its local addresses (FullNAT), RIP and RMAC an endpoint's, GIP and GMAC the
 * router's.
 */
final class Roles {
  private static final Pattern DEVICE = Pattern.compile("(eth\\d)@.*link/ether (\\S+)");
  private static final Pattern ADDRESS = Pattern.compile("(eth\\d) +inet6? ([^/ ]+)");

  private final Map<InetAddress, String> addresses = new LinkedHashMap<>();
  private final Map<MacAddress, String> macs = new LinkedHashMap<>();
  private final Map<MacAddress, String> machines = new HashMap<>();

  private Roles() {}

  static Roles of(LabNetwork network, InetAddress vip) {
    var roles = new Roles();
    roles.addresses.put(vip, "VIP");
    roles.add(network, "client", "C", "");
    roles.add(network, "director", "D", "");
    roles.add(network, "router", "G", "");
    for (int i = 1; i <= LabNetwork.ENDPOINTS; i++) {
      roles.add(network, "endpoint" + i, "R", String.valueOf(i));
    }
    return roles;
  }

  private void add(LabNetwork network, String machine, String letter, String number) {
    var devices = DEVICE.matcher(network.in(machine, "ip", "-o", "link"));
    while (devices.find()) {
      var mac = MacAddress.of(HexFormat.ofDelimiter(":").parseHex(devices.group(2)));
      macs.put(mac, letter + "MAC" + suffix(devices.group(1), number));
      machines.put(mac, machine);
    }
    var found = ADDRESS.matcher(network.in(machine, "ip", "-o", "addr"));
    while (found.find()) {
      var address = InetAddress.ofLiteral(found.group(2));
      if (!address.isLinkLocalAddress()) {
        addresses.putIfAbsent(
            address, isLocal(address) ? "LIP" : letter + "IP" + suffix(found.group(1), number));
      }
    }
  }

  /** An endpoint's number; of others, that of the interface. */
  private static String suffix(String device, String number) {
    return number.isEmpty() ? device.replaceAll("\\D", "") : number;
  }

  /** The addresses that FullNAT's endpoints see. */
  private static boolean isLocal(InetAddress address) {
    return address.getHostAddress().matches("10\\.20\\.0\\.20[01]|fd20:0:0:0:0:0:0:20[01]");
  }

  /** An address by its role; itself when it has none. */
  String of(InetAddress address, int port) {
    var role = addresses.getOrDefault(address, address.getHostAddress());
    return port == 0 ? role : role + ":" + port;
  }

  /** A MAC by its role. */
  String of(MacAddress mac) {
    return macs.getOrDefault(mac, mac.toString());
  }

  /** Whose MAC it is. */
  String machine(MacAddress mac) {
    return machines.getOrDefault(mac, mac.toString());
  }

  /** All of them with their values, those of one family. */
  String legend(boolean ipv6) {
    var text = new StringBuilder();
    addresses.forEach((address, role) -> {
      if (address.getAddress().length > 4 == ipv6) {
        text.append("  %-6s %s%n".formatted(role, address.getHostAddress()));
      }
    });
    macs.forEach((mac, role) -> text.append("  %-6s %s, %s%n".formatted(role, mac, machine(mac))));
    return text.toString();
  }
}
