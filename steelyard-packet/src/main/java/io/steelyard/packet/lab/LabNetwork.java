package io.steelyard.packet.lab;

import io.steelyard.packet.linux.NetworkNamespace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Namespaces and their wires; everything is taken down when it is closed.
 *
 * <pre>
 *            10.30.0.0/24, fd30::/64                  10.20.0.0/24, fd20::/64
 *  client ──┬──────────────── director ───────────────────┬── endpoint1  (.21)
 *   (.2)    │            (.10)          (.10)             └── endpoint2  (.22)
 *           └───────────────── router ────────────────────┘
 *                          (.1)       (.1)
 * </pre>
 *
 * Virtual addresses 10.99.0.1 to .9 and fd99::1 to ::9 are reached through the director. Endpoints
 * have them on lo and answer in their name through the router (DR, TUN); in their own name they
 * answer through the director (NAT). Two bridges in a namespace of their own are the wires.
 */
public final class LabNetwork implements AutoCloseable {
  /** How many endpoints there are. */
  public static final int ENDPOINTS = 2;

  /** How many virtual addresses endpoints have. */
  public static final int VIPS = 9;

  private final String prefix;
  private final List<String> namespaces = new ArrayList<>();
  private boolean closed;

  /** Whose frames come in at a port of the switch. */
  private final Map<String, String> ports = new LinkedHashMap<>();

  private LabNetwork(String prefix) {
    this.prefix = prefix;
  }

  /**
   * Builds it.
   *
   * @param prefix of the namespaces' names, unlike any other lab's
   * @throws IllegalStateException when a command fails; nothing is left then
   */
  public static LabNetwork build(String prefix) {
    return build(prefix, lab -> {});
  }

  /** The same; who wants to take it down while it is built is given it first. */
  static LabNetwork build(String prefix, Consumer<LabNetwork> owner) {
    var lab = new LabNetwork(prefix);
    owner.accept(lab);
    try {
      lab.build();
      return lab;
    } catch (RuntimeException problem) {
      lab.close();
      throw problem;
    }
  }

  private void build() {
    for (var name : List.of("switch", "client", "router", "director")) {
      addNamespace(name);
    }
    for (var bridge : List.of("outside", "inside")) {
      ip("switch", "link add " + bridge + " type bridge");
      ip("switch", "link set " + bridge + " up");
    }
    connect("client", "eth0", "outside", "10.30.0.2", "fd30::2");
    connect("router", "eth0", "outside", "10.30.0.1", "fd30::1");
    connect("router", "eth1", "inside", "10.20.0.1", "fd20::1");
    connect("director", "eth0", "outside", "10.30.0.10", "fd30::10");
    connect("director", "eth1", "inside", "10.20.0.10", "fd20::10");
    for (int i = 1; i <= ENDPOINTS; i++) {
      buildEndpoint(i);
    }
    for (var local :
        List.of("10.20.0.200/32", "10.20.0.201/32", "fd20::200/128", "fd20::201/128")) {
      ip("director", "addr add " + local + " dev eth1" + (local.contains(":") ? " nodad" : ""));
    }
    ip("client", "route add 10.99.0.0/24 via 10.30.0.10");
    ip("client", "route add fd99::/64 via fd30::10");
    sysctl("router", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1");
    ip("client", "route add 10.20.0.0/24 via 10.30.0.1");
    ip("client", "route add fd20::/64 via fd30::1");
  }

  private void buildEndpoint(int i) {
    var name = "endpoint" + i;
    addNamespace(name);
    connect(name, "eth0", "inside", "10.20.0.2" + i, "fd20::2" + i);
    sysctl(name, "net.ipv4.conf.all.arp_ignore=1", "net.ipv4.conf.all.arp_announce=2");
    for (int vip = 1; vip <= VIPS; vip++) {
      ip(name, "addr add 10.99.0." + vip + "/32 dev lo");
      ip(name, "addr add fd99::" + vip + "/128 dev lo nodad");
    }
    ip(name, "route add default via 10.20.0.10");
    ip(name, "route add default via fd20::10");
    ip(name, "rule add from 10.99.0.0/24 lookup 100");
    ip(name, "route add default via 10.20.0.1 table 100");
    ip(name, "-6 rule add from fd99::/64 lookup 100");
    ip(name, "-6 route add default via fd20::1 table 100");
  }

  private void addNamespace(String name) {
    synchronized (namespaces) {
      if (closed) {
        throw new IllegalStateException("the lab was taken down while it was built");
      }
      Command.run("ip netns add " + prefix + name);
      namespaces.add(name);
    }
    ip(name, "link set lo up");
    sysctl(
        name,
        "net.ipv4.conf.all.rp_filter=0",
        "net.ipv4.conf.default.rp_filter=0",
        "net.ipv4.conf.all.send_redirects=0",
        "net.ipv4.conf.default.send_redirects=0");
  }

  private void connect(String name, String device, String bridge, String v4, String v6) {
    var port = name.substring(0, 3) + name.charAt(name.length() - 1) + device;
    Command.run(
        "ip -n %s%s link add %s type veth peer name %s netns %sswitch"
            .formatted(prefix, name, device, port, prefix));
    ports.put(port, name);
    ip("switch", "link set " + port + " master " + bridge + " up");
    ip(name, "addr add " + v4 + "/24 dev " + device);
    ip(name, "addr add " + v6 + "/64 dev " + device + " nodad");
    ip(name, "link set " + device + " up");
    // XDP reads whole packets with their checksums; veth passes neither on its own. And what XDP
    // sends over veth arrives only when the other side polls, which GRO switches on.
    in("switch", "ethtool", "-K", port, "tx", "off", "gro", "on");
    in(name, "ethtool", "-K", device, "tx", "off");
  }

  /** Runs ip(8) in a namespace; its words are separated by spaces. */
  public void ip(String namespace, String command) {
    Command.run("ip -n " + prefix + namespace + " " + command);
  }

  private void sysctl(String namespace, String... settings) {
    for (var setting : settings) {
      in(namespace, "sysctl", "-qw", setting);
    }
  }

  /** Runs a program in a namespace to its end; what it prints. */
  public String in(String namespace, String... command) {
    return Command.run(command(namespace, List.of(command)));
  }

  /** The words that run a program in a namespace. */
  public List<String> command(String namespace, List<String> words) {
    var command = new ArrayList<>(List.of("ip", "netns", "exec", prefix + namespace));
    command.addAll(words);
    return command;
  }

  /** A namespace, to do something in. */
  public NetworkNamespace namespace(String name) {
    return NetworkNamespace.named(prefix + name);
  }

  /** The switch's ports, each with the name of whoever is behind it. */
  Map<String, String> ports() {
    return Map.copyOf(ports);
  }

  /** May be called at any time, from any thread; what is going on there fails then. */
  @Override
  public void close() {
    synchronized (namespaces) {
      closed = true;
      for (var name : namespaces) {
        Command.run("ip netns del " + prefix + name);
      }
      namespaces.clear();
    }
  }
}
