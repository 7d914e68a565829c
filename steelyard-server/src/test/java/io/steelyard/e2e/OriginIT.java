package io.steelyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.steelyard.packet.lab.LabNetwork;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Where endpoints see connections and datagrams come from, in a network of namespaces: an address
 * of our choice, an interface, the client itself. Needs root.
 */
class OriginIT {
  private static final String CONFIGURATION =
      """
      admin: { address: "127.0.0.1:9900" }
      listeners:
        own: { address: "10.30.0.10:8001", protocol: tcp, pool: own }
        inside: { address: "10.30.0.10:8002", protocol: tcp, pool: inside }
        client: { address: "10.30.0.10:8003", protocol: tcp, pool: client }
        requests: { address: "10.30.0.10:8004", pool: client }
        six: { address: "[fd30::10]:8005", protocol: tcp, pool: six }
        mixed: { address: "[fd30::10]:8006", protocol: tcp, pool: client }
        datagrams: { address: "10.30.0.10:8007", protocol: udp, pool: datagrams }
      pools:
        own: { endpoints: ["10.20.0.21:8080"], socket: { source-address: 10.20.0.200 } }
        inside: { endpoints: ["10.20.0.21:8080"], socket: { network-interface: eth1 } }
        client: { endpoints: ["10.20.0.21:8080"], socket: { transparent: true } }
        six: { endpoints: ["[fd20::21]:8080"], socket: { transparent: true } }
        datagrams: { endpoints: ["10.20.0.21:5000"], socket: { transparent: true } }
      """;

  @TempDir private Path directory = Path.of("");

  /** Root's matter; where tests may not be passed over, a failure to be root is one. */
  @BeforeAll
  static void needsRoot() {
    if (System.getenv("STEELYARD_TOOLS_REQUIRED") == null) {
      assumeTrue("root".equals(System.getProperty("user.name")), "needs root");
    }
  }

  private Program startEndpoint(LabNetwork network) throws IOException {
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
            listen 8080;
            listen [::]:8080;
            location = /who { return 200 "$remote_addr\n"; }
          }
        }
        """
            .formatted(directory);
    var file = Files.writeString(directory.resolve("nginx.conf"), configuration);
    var words = List.of(Tool.NGINX.path(), "-p", directory.toString(), "-c", file.toString());
    return Program.start(directory, "nginx", network.command("endpoint1", words));
  }

  private Program startSteelyard(LabNetwork network, List<String> within, String yaml) {
    var words = new ArrayList<>(within);
    words.addAll(Steelyard.command("run", Steelyard.write(directory, yaml).toString()));
    return Program.start(directory, "steelyard", network.command("director", words));
  }

  private static String who(LabNetwork network, String address) {
    return network
        .in(
            "client",
            Tool.CURL.path(),
            "-sS",
            "-m",
            "20",
            "--retry",
            "5",
            "--retry-all-errors",
            "http://" + address + "/who")
        .strip();
  }

  @Test
  void endpointsSeeWhoWasAskedFor() throws Exception {
    try (var network = LabNetwork.build("org" + ProcessHandle.current().pid() + "-")) {
      // What endpoints answer to clients is for the sockets of this machine.
      network.ip("director", "rule add iif eth1 lookup 100");
      network.ip("director", "route add local default dev lo table 100");
      network.ip("director", "-6 rule add iif eth1 lookup 100");
      network.ip("director", "-6 route add local default dev lo table 100");
      try (var endpoint = startEndpoint(network);
          var steelyard = startSteelyard(network, List.of(), CONFIGURATION)) {
        steelyard.awaitOutput("Steelyard .* is ready");
        assertThat(who(network, "10.30.0.10:8001")).isEqualTo("10.20.0.200");
        assertThat(who(network, "10.30.0.10:8002")).isEqualTo("10.20.0.10");
        assertThat(who(network, "10.30.0.10:8003")).isEqualTo("10.30.0.2");
        assertThat(who(network, "10.30.0.10:8004")).isEqualTo("10.30.0.2");
        assertThat(who(network, "[fd30::10]:8005")).isEqualTo("fd30::2");
        assertThat(who(network, "[fd30::10]:8006")).isEqualTo("10.20.0.10");
        datagramsComeFromTheClient(network);
        assertThat(endpoint.errors()).isEmpty();
      }
      refusals(network);
    }
  }

  private static void datagramsComeFromTheClient(LabNetwork network) throws IOException {
    try (var endpoint = socket(network, "endpoint1", 5000);
        var client = socket(network, "client", 0)) {
      client.send(
          new DatagramPacket(
              new byte[] {1}, 1, new InetSocketAddress(InetAddress.ofLiteral("10.30.0.10"), 8007)));
      var packet = new DatagramPacket(new byte[10], 10);
      endpoint.receive(packet);
      assertThat(packet.getAddress()).isEqualTo(InetAddress.ofLiteral("10.30.0.2"));
      endpoint.send(packet);
      client.receive(packet);
      assertThat(packet.getLength()).isEqualTo(1);
      assertThat(packet.getPort()).isEqualTo(8007);
    }
  }

  private static DatagramSocket socket(LabNetwork network, String namespace, int port) {
    return network
        .namespace(namespace)
        .call(() -> {
          var socket = new DatagramSocket(port, InetAddress.ofLiteral("0.0.0.0"));
          socket.setSoTimeout((int) Program.PATIENCE.toMillis());
          return socket;
        });
  }

  private void refusals(LabNetwork network) throws InterruptedException {
    String transparent =
        "pool client: socket: connections cannot be transparent or leave by an interface: not permitted, expected CAP_NET_ADMIN (or root)";
    var without = List.of("setpriv", "--bounding-set=-net_admin,-net_raw");
    try (var steelyard = startSteelyard(network, without, CONFIGURATION)) {
      assertThat(steelyard.awaitExit()).isEqualTo(1);
      assertThat(steelyard.errors()).contains(transparent);
    }
    String unknown = CONFIGURATION.replace("network-interface: eth1", "network-interface: eth7");
    try (var steelyard = startSteelyard(network, List.of(), unknown)) {
      assertThat(steelyard.awaitExit()).isEqualTo(1);
      assertThat(steelyard.errors())
          .contains(
              "pool inside: socket: connections cannot leave by eth7: this machine has no such interface");
    }
  }
}
