package io.steelyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Endpoints by name, with a real name server whose answers change. */
class NamesIT {
  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir private Path directory = Path.of("");
  private final List<AutoCloseable> opened = new ArrayList<>();
  private Path hosts = Path.of("");
  private int dnsPort;
  private Program dns;
  private int port;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    hosts = Files.createFile(directory.resolve("hosts"));
    try (DatagramSocket free = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"))) {
      dnsPort = free.getLocalPort();
    }
    port = serve("127.0.0.11", 0);
    serve("127.0.0.12", port);
    serve("127.0.0.13", port);
    startDns();
  }

  /** Answers with its own address. */
  private int serve(String address, int wanted) throws IOException {
    RawServer server =
        RawServer.start(
            address,
            wanted,
            (in, out) -> {
              while (!RawServer.readHead(in).isEmpty()) {
                RawServer.write(
                    out, "HTTP/1.1 200 OK\nContent-Length: " + address.length() + "\n\n" + address);
              }
            });
    opened.add(server);
    return server.address().getPort();
  }

  private void startDns(String... more) throws InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Tool.DNSMASQ.path(),
                "--keep-in-foreground",
                "--log-facility=-",
                "--user=" + System.getProperty("user.name"),
                "--pid-file=" + directory.resolve("dns.pid"),
                "--conf-file=/dev/null",
                "--port=" + dnsPort,
                "--listen-address=127.0.0.1",
                "--bind-interfaces",
                "--no-resolv",
                "--no-hosts",
                "--local=/test/",
                "--local-ttl=1",
                "--addn-hosts=" + hosts));
    command.addAll(List.of(more));
    dns = Program.start(directory, "dnsmasq", command);
    dns.awaitOutput("read .*hosts");
  }

  @AfterEach
  void stop() throws Exception {
    dns.close();
    for (AutoCloseable each : opened) {
      each.close();
    }
  }

  /** The name server knows these from now on. */
  private void know(String... lines) throws IOException {
    Files.writeString(hosts, String.join("\n", lines) + "\n");
    dns.signal("HUP");
  }

  private Steelyard run(String endpoint, String more) {
    return Steelyard.run(
        directory,
        Steelyard.yaml(
                List.of(),
                "",
                """
                    resolution: { servers: ['127.0.0.1:%d'], min-ttl: 100ms, timeout: 500ms, %s }
                """
                    .formatted(dnsPort, more))
            .replace("endpoints: []", "endpoints: [" + endpoint + "]"));
  }

  private Steelyard run(String more) {
    return run("'app.test:" + port + "'", more);
  }

  private static TreeSet<String> answering(Steelyard steelyard)
      throws IOException, InterruptedException {
    TreeSet<String> seen = new TreeSet<>();
    for (int i = 0; i < 12; i++) {
      seen.add(steelyard.get("/").body());
    }
    return seen;
  }

  private static void soon(Callable<Boolean> condition) {
    await().atMost(SOON).pollInterval(Duration.ofMillis(50)).until(condition);
  }

  private static JsonNode endpoint(Steelyard steelyard, int index)
      throws IOException, InterruptedException {
    return steelyard.status().at("/pools/0/endpoints/" + index);
  }

  @Test
  void endpointsFollowTheirName() throws IOException, InterruptedException {
    know("127.0.0.11 app.test", "127.0.0.12 app.test");
    try (Steelyard steelyard = run("keep: 5m")) {
      soon(() -> answering(steelyard).equals(new TreeSet<>(List.of("127.0.0.11", "127.0.0.12"))));
      long stays = endpoint(steelyard, 1).at("/requests").asLong();
      know("127.0.0.12 app.test", "127.0.0.13 app.test");
      soon(() -> answering(steelyard).equals(new TreeSet<>(List.of("127.0.0.12", "127.0.0.13"))));
      assertThat(endpoint(steelyard, 0).at("/name").asString()).isEqualTo("127.0.0.12:" + port);
      assertThat(endpoint(steelyard, 0).at("/requests").asLong())
          .as("who stays is not forgotten")
          .isGreaterThan(stays);
      assertThat(steelyard.status().at("/events").toString())
          .contains("\"endpoint\":\"127.0.0.13:" + port + "\",\"from\":\"ABSENT\"")
          .contains("\"endpoint\":\"127.0.0.11:" + port + "\",\"from\":\"PRESENT\"");
      steelyard.stop();
    }
  }

  /** Under load, while the name leads here and there: not one request fails. */
  @Test
  void noRequestFailsWhileANameMoves() throws IOException, InterruptedException {
    know("127.0.0.11 app.test", "127.0.0.12 app.test");
    try (Steelyard steelyard = run("keep: 5m");
        Wrk wrk = Wrk.start(directory, steelyard.url("/"), 16)) {
      for (int round = 0; round < 3; round++) {
        know("127.0.0.13 app.test");
        soon(() -> steelyard.status().at("/pools/0/endpoints").size() == 1);
        know("127.0.0.11 app.test", "127.0.0.12 app.test");
        soon(() -> steelyard.status().at("/pools/0/endpoints").size() == 2);
      }
      assertThat(wrk.finish()).isPositive();
      steelyard.stop();
    }
  }

  /** haproxy#3400: a pool stayed empty until a restart. */
  @Test
  void aNameThatLeadsNowhereIsKeptForAWhileAndComesBack() throws IOException, InterruptedException {
    know("127.0.0.11 app.test");
    try (Steelyard steelyard = run("keep: 3s")) {
      soon(() -> steelyard.get("/").body().equals("127.0.0.11"));
      know();
      soon(() -> steelyard.program().errors().contains("the name app.test leads nowhere"));
      assertThat(steelyard.get("/").body()).as("kept").isEqualTo("127.0.0.11");
      soon(() -> steelyard.get("/").statusCode() == 503);
      assertThat(endpoint(steelyard, 0).at("/name").asString()).isEqualTo("app.test:" + port);
      assertThat(endpoint(steelyard, 0).at("/health/health").asString()).isEqualTo("DOWN");
      assertThat(endpoint(steelyard, 0).at("/health/reason").asString())
          .startsWith("the name app.test leads nowhere: ");
      know("127.0.0.12 app.test");
      soon(() -> steelyard.get("/").body().equals("127.0.0.12"));
      steelyard.stop();
    }
  }

  @Test
  void aNameServerThatIsGoneIsSurvived() throws IOException, InterruptedException {
    know("127.0.0.11 app.test");
    try (Steelyard steelyard = run("keep: 5m")) {
      soon(() -> steelyard.get("/").body().equals("127.0.0.11"));
      dns.kill();
      soon(() -> steelyard.program().errors().contains("the name app.test leads nowhere"));
      assertThat(steelyard.get("/").body()).isEqualTo("127.0.0.11");
      Files.writeString(hosts, "127.0.0.13 app.test\n");
      startDns();
      soon(() -> steelyard.get("/").body().equals("127.0.0.13"));
      steelyard.stop();
    }
  }

  /** It comes into being after the process that waits for it. */
  @Test
  void aNameThatIsNotThereYetIsWaitedFor() throws IOException, InterruptedException {
    try (Steelyard steelyard = run("keep: 5m")) {
      assertThat(steelyard.get("/").statusCode()).isEqualTo(503);
      assertThat(endpoint(steelyard, 0).at("/health/health").asString()).isEqualTo("DOWN");
      know("127.0.0.11 app.test");
      soon(() -> steelyard.get("/").body().equals("127.0.0.11"));
      steelyard.stop();
    }
  }

  @Test
  void servicesTellPortsWeightsAndPriorities() throws IOException, InterruptedException {
    know("127.0.0.11 a.test", "127.0.0.12 b.test", "127.0.0.13 c.test");
    dns.close();
    startDns(
        "--srv-host=_http._tcp.app.test,a.test," + port + ",1,3",
        "--srv-host=_http._tcp.app.test,b.test," + port + ",1,1",
        "--srv-host=_http._tcp.app.test,c.test," + port + ",9,1");
    try (Steelyard steelyard = run("{ address: 'app.test:0', service: _http._tcp }", "keep: 5m")) {
      soon(() -> steelyard.status().at("/pools/0/endpoints").size() == 3);
      assertThat(answering(steelyard)).containsExactly("127.0.0.11", "127.0.0.12");
      assertThat(endpoint(steelyard, 0).at("/weight").asInt()).isEqualTo(3);
      dns.close();
      startDns("--srv-host=_http._tcp.app.test,c.test," + port + ",9,1");
      soon(() -> answering(steelyard).equals(new TreeSet<>(List.of("127.0.0.13"))));
      steelyard.stop();
    }
  }
}
