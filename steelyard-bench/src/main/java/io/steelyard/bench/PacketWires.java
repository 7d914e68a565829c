package io.steelyard.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Client, director and endpoint in network namespaces, one wire (veth) each, offloads off:
 *
 * <pre>
 * client 10.30.0.2 ── 10.30.0.10 director 10.20.0.10 ── 10.20.0.21 endpoint
 * </pre>
 *
 * Virtual addresses are 10.99.0.1 to .4. Needs root. For one thread.
 */
final class PacketWires implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final Workspace workspace;
  private final String prefix = "syb" + ProcessHandle.current().pid() + "-";
  private final List<String> namespaces = new ArrayList<>();

  private PacketWires(Workspace workspace) {
    this.workspace = workspace;
  }

  static PacketWires build(Workspace workspace) throws IOException, InterruptedException {
    PacketWires wires = new PacketWires(workspace);
    try {
      wires.build();
      return wires;
    } catch (IOException | InterruptedException | RuntimeException e) {
      wires.close();
      throw e;
    }
  }

  private void build() throws IOException, InterruptedException {
    for (String name : List.of("client", "director", "endpoint")) {
      ip("netns", "add", prefix + name);
      namespaces.add(name);
      ip("-n", prefix + name, "link", "set", "lo", "up");
    }
    wire("client", "eth0", "10.30.0.2", "eth0", "10.30.0.10");
    wire("endpoint", "eth0", "10.20.0.21", "eth1", "10.20.0.10");
    for (String local : List.of("10.20.0.200/32", "10.20.0.201/32")) {
      ip("-n", prefix + "director", "addr", "add", local, "dev", "eth1");
    }
    ip("-n", prefix + "client", "route", "add", "default", "via", "10.30.0.10");
    ip("-n", prefix + "endpoint", "route", "add", "default", "via", "10.20.0.10");
    sysctl("director", "net.ipv4.ip_forward=1");
    sysctl("director", "net.ipv4.conf.all.rp_filter=0");
    sysctl("client", "net.ipv4.ip_local_port_range=1024 65000");
    sysctl("client", "net.ipv4.tcp_tw_reuse=1");
  }

  private void wire(String name, String device, String address, String far, String farAddress)
      throws IOException, InterruptedException {
    ip(
        "-n",
        prefix + name,
        "link",
        "add",
        device,
        "type",
        "veth",
        "peer",
        "name",
        far,
        "netns",
        prefix + "director");
    end(name, device, address, "on");
    end("director", far, farAddress, "off");
  }

  /** Packets are as they are on a wire; what XDP sends over veth arrives where GRO polls. */
  private void end(String name, String device, String address, String gro)
      throws IOException, InterruptedException {
    ip("-n", prefix + name, "addr", "add", address + "/24", "dev", device);
    ip("-n", prefix + name, "link", "set", device, "up");
    in(
        name,
        Tools.require("ethtool"),
        "-K",
        device,
        "tx",
        "off",
        "tso",
        "off",
        "gso",
        "off",
        "gro",
        gro);
  }

  private void ip(String... words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(Tools.require("ip")));
    command.addAll(List.of(words));
    workspace.run("ip", command, LIMIT);
  }

  private void sysctl(String name, String setting) throws IOException, InterruptedException {
    in(name, Tools.require("sysctl"), "-qw", setting);
  }

  /** Runs a program to its end; what it prints. */
  String in(String name, String... words) throws IOException, InterruptedException {
    return workspace.run(Path.of(words[0]).toFile().getName(), command(name, words), LIMIT);
  }

  /** Starts a program that is at work until it is closed. */
  Child start(String name, String... words) throws IOException {
    return workspace.start(Path.of(words[0]).toFile().getName(), command(name, words));
  }

  private List<String> command(String name, String... words) {
    List<String> command =
        new ArrayList<>(List.of(Tools.require("ip"), "netns", "exec", prefix + name));
    command.addAll(List.of(words));
    return command;
  }

  @Override
  public void close() {
    for (String name : namespaces) {
      try {
        ip("netns", "del", prefix + name);
      } catch (IOException e) {
        throw new IllegalStateException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    namespaces.clear();
  }
}
