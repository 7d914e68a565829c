package io.steelyard.packet.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/**
 * A small network in network namespaces:
 *
 * <pre>
 *            10.30.0.0/24, fd30::/64                  10.20.0.0/24, fd20::/64
 *  client ──┬──────────────── director ───────────────────┬── endpoint 1  (.21)
 *   (.2)    │            (.10)          (.10)             └── endpoint 2  (.22)
 *           └───────────────── router ────────────────────┘
 *                          (.1)       (.1)
 * </pre>
 *
 * Virtual addresses 10.99.0.1 to .9 and fd99::1 to ::9 are reached through the director. Endpoints
 * have them on lo and answer in their name through the router (DR, TUN); in their own name they
 * answer through the director (NAT).
 */
final class Lab implements AutoCloseable {
  static final int ENDPOINTS = 2;
  static final int VIPS = 9;

  private final String prefix = "sy" + ProcessHandle.current().pid() + "-";
  private final List<String> namespaces = new ArrayList<>();
  private final Map<Integer, JavaProcess> endpoints = new HashMap<>();
  private final Path pins;
  private JavaProcess director;

  Lab() {
    try {
      pins = Files.createTempDirectory("steelyard-lab");
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    }
    Shell.run("mount -t bpf bpf " + pins);
    try {
      build();
      for (int i = 1; i <= ENDPOINTS; i++) {
        startEndpoint(i);
      }
      director = startDirector();
    } catch (RuntimeException | AssertionError problem) {
      close();
      throw problem;
    }
  }

  /** 20 MB that are the same everywhere. */
  static byte[] content() {
    byte[] content = new byte[20_000_000];
    new Random(5).nextBytes(content);
    return content;
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
    Shell.run("ip netns add " + prefix + name);
    namespaces.add(name);
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
    Shell.run(
        "ip -n %s%s link add %s type veth peer name %s netns %sswitch"
            .formatted(prefix, name, device, port, prefix));
    ip("switch", "link set " + port + " master " + bridge + " up");
    ip(name, "addr add " + v4 + "/24 dev " + device);
    ip(name, "addr add " + v6 + "/64 dev " + device + " nodad");
    ip(name, "link set " + device + " up");
    // XDP reads whole packets with their checksums; veth passes neither on its own. And what XDP
    // sends
    // over veth arrives only when the other side polls, which GRO switches on.
    Shell.in(prefix + "switch", "ethtool", "-K", port, "tx", "off", "gro", "on");
    Shell.in(prefix + name, "ethtool", "-K", device, "tx", "off");
  }

  private void ip(String namespace, String command) {
    Shell.run("ip -n " + prefix + namespace + " " + command);
  }

  private void sysctl(String namespace, String... settings) {
    for (var setting : settings) {
      Shell.in(prefix + namespace, "sysctl", "-qw", setting);
    }
  }

  /** What a program of the client prints. */
  String client(String... command) {
    return Shell.in(prefix + "client", command);
  }

  Process clientProcess(Path output, String... command) {
    try {
      return new ProcessBuilder(Shell.inNamespace(prefix + "client", command))
          .redirectErrorStream(true)
          .redirectOutput(output.toFile())
          .start();
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    }
  }

  /** Whether a program is at work at an interface of the director. */
  boolean isAttached(String device) {
    return Shell.run("ip -n " + prefix + "director link show " + device).contains("prog/xdp");
  }

  JavaProcess director() {
    return director;
  }

  /** Kills the director's process; what it put into the kernel works on. */
  void killDirector() {
    director.kill();
  }

  /** Starts another one, which takes over what the one before left. */
  void restartDirector() {
    director = startDirector();
  }

  private JavaProcess startDirector() {
    return new JavaProcess(prefix + "director", DirectorProgram.class, pins.toString());
  }

  void killEndpoint(int i) {
    Objects.requireNonNull(endpoints.get(i)).kill();
  }

  void startEndpoint(int i) {
    endpoints.put(
        i, new JavaProcess(prefix + "endpoint" + i, EndpointProgram.class, "endpoint" + i));
  }

  @Override
  public void close() {
    endpoints.values().forEach(JavaProcess::close);
    if (director != null) {
      director.close();
    }
    namespaces.forEach(name -> Shell.run("ip netns del " + prefix + name));
    Shell.run("umount " + pins);
    try {
      Files.delete(pins);
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    }
  }
}
