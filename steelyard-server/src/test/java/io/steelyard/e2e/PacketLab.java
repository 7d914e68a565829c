package io.steelyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.steelyard.packet.lab.LabNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * {@code steelyard run} as the director of a lab, nginx at its endpoints, curl as its clients; the
 * kernel carries the packets. Needs root.
 */
final class PacketLab implements AutoCloseable {
  private static final int CONTENT_BYTES = 20_000_000;

  private final LabNetwork network;
  private final Path directory;
  private final Path pins;
  private final Map<Integer, Program> endpoints = new HashMap<>();
  private final List<Program> clients = new ArrayList<>();
  private @Nullable Program director;

  private PacketLab(LabNetwork network, Path directory) throws IOException {
    this.network = network;
    this.directory = directory;
    this.pins = Files.createDirectory(directory.resolve("bpf"));
    Files.write(directory.resolve("content"), content());
    shell("mount -t bpf bpf " + pins);
    // A tap; what XDP sends over veth arrives where GRO polls.
    network.ip("director", "link add span0 type veth peer name span1");
    network.ip("director", "link set span0 up");
    network.ip("director", "link set span1 up");
    network.in("director", "ethtool", "-K", "span1", "gro", "on");
  }

  static PacketLab start(Path directory, String configuration) throws IOException {
    return start(directory, "protection: {}", configuration);
  }

  /** With another key of the plane. */
  static PacketLab start(Path directory, String planeKey, String configuration) throws IOException {
    var lab =
        new PacketLab(LabNetwork.build("e2e" + ProcessHandle.current().pid() + "-"), directory);
    try {
      for (int i = 1; i <= LabNetwork.ENDPOINTS; i++) {
        lab.startEndpoint(i);
      }
      lab.startDirector(planeKey, configuration);
      return lab;
    } catch (IOException | RuntimeException | AssertionError problem) {
      lab.close();
      throw problem;
    }
  }

  private static byte[] content() {
    byte[] content = new byte[CONTENT_BYTES];
    new Random(7).nextBytes(content);
    return content;
  }

  /** nginx on port 8080 (and 80); {@code /who} has its name, {@code /content} 20 MB. */
  void startEndpoint(int i) throws IOException {
    var home = Files.createDirectories(directory.resolve("endpoint" + i));
    var configuration =
        """
        daemon off;
        master_process off;
        pid %1$s/nginx.pid;
        error_log %1$s/error.log error;
        events { worker_connections 1024; }
        http {
          access_log off;
          client_body_temp_path %1$s/body;
          server {
            listen 80 backlog=4096;
            listen 8080 backlog=4096;
            location = /told { return 200 "endpoint%2$d is told $args\\n"; }
            location = /who { return 200 "endpoint%2$d sees $remote_addr\\n"; }
            location = /content { alias %3$s/content; }
          }
          server {
            listen 8081 proxy_protocol backlog=4096;
            client_max_body_size 30m;
            location = /content { alias %3$s/content; }
            location = /who { return 200 "endpoint%2$d is told $proxy_protocol_addr of $proxy_protocol_server_addr:$proxy_protocol_server_port\\n"; }
            location = /keep {
              client_body_in_file_only on;
              proxy_http_version 1.1;
              proxy_pass_request_body off;
              proxy_set_header Content-Length "";
              proxy_method GET;
              proxy_pass http://127.0.0.1:8080/told?$proxy_protocol_addr;
            }
          }
        }
        """
            .formatted(home, i, directory);
    var file = Files.writeString(home.resolve("nginx.conf"), configuration);
    var words = List.of(Tool.NGINX.path(), "-p", home.toString(), "-c", file.toString());
    endpoints.put(i, Program.start(directory, "nginx" + i, network.command("endpoint" + i, words)));
  }

  /** The sizes of bodies that endpoints got for {@code /keep} and that are like the content. */
  List<Long> kept() throws IOException {
    var sizes = new ArrayList<Long>();
    for (int i = 1; i <= LabNetwork.ENDPOINTS; i++) {
      try (var files = Files.walk(directory.resolve("endpoint" + i).resolve("body"))) {
        for (var file : files.filter(Files::isRegularFile).toList()) {
          if (Files.mismatch(file, directory.resolve("content")) == -1) {
            sizes.add(Files.size(file));
          }
        }
      }
    }
    return sizes;
  }

  void killEndpoint(int i) throws InterruptedException {
    Objects.requireNonNull(endpoints.get(i)).kill();
  }

  void startDirector(String configuration) {
    startDirector("protection: {}", configuration);
  }

  private void startDirector(String planeKey, String configuration) {
    var yaml =
        """
        admin: { address: "127.0.0.1:9900" }
        packet: { interfaces: [eth0, eth1], pins: %s, redirect: true, max-connections: 524288, sweep-interval: 1s, %s }
        """
                .formatted(pins, planeKey)
            + configuration;
    var file = Steelyard.write(directory, yaml);
    var started =
        Program.start(
            directory,
            "steelyard",
            network.command("director", Steelyard.command("run", file.toString())));
    director = started;
    started.awaitOutput("Steelyard .* is ready");
  }

  Program director() {
    return Objects.requireNonNull(director);
  }

  /** What a program of the client prints. */
  String client(String... words) {
    return network.in("client", words);
  }

  /** A program that is at work at the director. */
  Program atDirector(String... words) {
    var program = Program.start(directory, words[0], network.command("director", List.of(words)));
    clients.add(program);
    return program;
  }

  /** A program that is at work at an endpoint. */
  Program atEndpoint(int i, String... words) {
    var program =
        Program.start(directory, words[0], network.command("endpoint" + i, List.of(words)));
    clients.add(program);
    return program;
  }

  /** Who answers at a virtual address. */
  String who(String vip) {
    return client(Tool.CURL.path(), "-sS", "-m", "20", "http://" + vip + "/who").strip();
  }

  /** Whether somebody does. */
  boolean answers(String vip) {
    try {
      return client(Tool.CURL.path(), "-sS", "-m", "2", "http://" + vip + "/who")
          .startsWith("endpoint");
    } catch (IllegalStateException nobody) {
      return false;
    }
  }

  /** Begins slow downloads of 20 MB, and waits until all are under way. */
  List<Program> downloads(String vip, int count) {
    var started = new ArrayList<Program>();
    for (int i = 0; i < count; i++) {
      var words =
          List.of(
              Tool.CURL.path(),
              "-sS",
              "-m",
              "120",
              "--limit-rate",
              "1000k",
              "-o",
              target(started.size(), vip).toString(),
              "http://" + vip + "/content");
      started.add(Program.start(directory, "curl", network.command("client", words)));
    }
    clients.addAll(started);
    for (int i = 0; i < count; i++) {
      Path target = target(i, vip);
      await("download " + i + " of " + vip)
          .atMost(Program.PATIENCE)
          .until(() -> Files.exists(target) && Files.size(target) > 100_000);
    }
    return started;
  }

  private Path target(int i, String vip) {
    return directory.resolve("download-" + vip.replace(':', '-') + "-" + i);
  }

  /** All of them end well and are whole. */
  void areWhole(List<Program> downloads, String vip) throws IOException, InterruptedException {
    for (int i = 0; i < downloads.size(); i++) {
      assertThat(downloads.get(i).awaitExit()).as("%s", downloads.get(i)).isZero();
      assertThat(Files.mismatch(target(i, vip), directory.resolve("content"))).isEqualTo(-1);
      Files.delete(target(i, vip));
    }
  }

  /** {@code steelyard ipvs} at the director. */
  String ipvs() {
    return network.in("director", Steelyard.command("ipvs").toArray(String[]::new));
  }

  /** {@code steelyard} at the director, with these arguments. */
  String steelyard(String... arguments) {
    return network.in("director", Steelyard.command(arguments).toArray(String[]::new));
  }

  /** The same, at work. */
  Program steelyardProgram(String... arguments) {
    var program =
        Program.start(
            directory, arguments[0], network.command("director", Steelyard.command(arguments)));
    clients.add(program);
    return program;
  }

  /** A page of the director's admin port. */
  String admin(String path) {
    return network.in("director", Tool.CURL.path(), "-sS", "http://127.0.0.1:9900" + path);
  }

  /** What ip(8) says at the director. */
  String ip(String... words) {
    var command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(words));
    return network.in("director", command.toArray(String[]::new));
  }

  private static void shell(String command) throws IOException {
    try {
      var process = new ProcessBuilder(command.split(" ", -1)).inheritIO().start();
      assertThat(process.waitFor()).as(command).isZero();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws IOException {
    clients.forEach(Program::close);
    endpoints.values().forEach(Program::close);
    if (director != null) {
      director.close();
    }
    network.close();
    shell("umount " + pins);
  }
}
