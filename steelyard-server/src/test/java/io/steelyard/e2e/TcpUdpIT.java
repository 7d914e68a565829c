package io.steelyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real clients and real servers of protocols that nobody here understands. */
class TcpUdpIT {
  @TempDir private Path directory = Path.of("");

  private static String yaml(String transport, String listener, int... endpoints) {
    StringBuilder addresses = new StringBuilder();
    for (int port : endpoints) {
      addresses.append(addresses.isEmpty() ? "" : ", ").append("127.0.0.1:").append(port);
    }
    return """
    admin: { address: "127.0.0.1:0" }
    transport: %s
    listeners:
      web: { address: 127.0.0.1:0, pool: site, %s }
    pools:
      site: { endpoints: [%s] }
    """
        .formatted(transport, listener, addresses);
  }

  private static String port(Steelyard steelyard) {
    return steelyard.address().substring(steelyard.address().lastIndexOf(':') + 1);
  }

  private static void awaitListening(int port) {
    await()
        .atMost(Program.PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .ignoreException(IOException.class)
        .until(() -> {
          try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return probe.isConnected();
          }
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"epoll", "io-uring", "nio"})
  void redisBenchmark(String transport) throws IOException, InterruptedException {
    int port = Nginx.freePort();
    List<String> server =
        List.of(Tool.REDIS_SERVER.path(), "--port", String.valueOf(port), "--save", "");
    try (Program redis = Program.start(directory, "redis", server)) {
      assertThat(redis.alive()).isTrue();
      awaitListening(port);
      try (Steelyard steelyard = Steelyard.run(directory, yaml(transport, "protocol: tcp", port))) {
        for (String pipeline : List.of("1", "16")) {
          String result =
              Program.run(
                  directory,
                  "redis-benchmark",
                  List.of(
                      Tool.REDIS_BENCHMARK.path(),
                      "-p",
                      port(steelyard),
                      "-n",
                      "20000",
                      "-c",
                      "50",
                      "-P",
                      pipeline,
                      "-t",
                      "set,get",
                      "--csv"));
          assertThat(result).contains("\"SET\"", "\"GET\"").doesNotContain("rror");
        }
        assertThat(steelyard.status().at("/listeners/0/failures").size()).isZero();
        steelyard.stop();
      }
    }
  }

  /** TLS begins at one listener and ends at the next, where openssl speaks it too. */
  @ParameterizedTest
  @ValueSource(strings = {"epoll", "io-uring"})
  void tls(String transport) throws IOException, InterruptedException {
    int port = Nginx.freePort();
    int inner = Nginx.freePort();
    String openssl = Tool.OPENSSL.path();
    Program.run(
        directory,
        "openssl",
        List.of(
            openssl,
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-subj",
            "/CN=db.example.com",
            "-addext",
            "subjectAltName=DNS:db.example.com",
            "-keyout",
            "db.key",
            "-out",
            "db.pem"));
    String yaml =
        """
        admin: { address: "127.0.0.1:0" }
        transport: %s
        listeners:
          web: { address: 127.0.0.1:0, protocol: tcp, pool: encrypted }
          inner:
            address: 127.0.0.1:%d
            protocol: tcp
            pool: redis
            tls: { certificates: [{ certificate: %s/db.pem, key: %s/db.key }] }
        pools:
          encrypted:
            endpoints: [127.0.0.1:%d]
            tls: { authorities: %s/db.pem, server-name: db.example.com }
          redis: { endpoints: [127.0.0.1:%d] }
        """
            .formatted(transport, inner, directory, directory, inner, directory, port);
    List<String> server =
        List.of(Tool.REDIS_SERVER.path(), "--port", String.valueOf(port), "--save", "");
    try (Program redis = Program.start(directory, "redis", server)) {
      assertThat(redis.alive()).isTrue();
      awaitListening(port);
      try (Steelyard steelyard = Steelyard.run(directory, yaml)) {
        for (String version : List.of("-tls1_2", "-tls1_3")) {
          String asked =
              "printf 'PING\\r\\nQUIT\\r\\n' | "
                  + openssl
                  + " s_client -connect 127.0.0.1:"
                  + inner
                  + " -servername db.example.com -CAfile db.pem -verify_return_error -quiet "
                  + version;
          assertThat(Program.run(directory, "s_client", List.of("bash", "-c", asked)))
              .contains("+PONG", "+OK");
        }
        List<String> benchmark =
            List.of(
                Tool.REDIS_BENCHMARK.path(),
                "-p",
                port(steelyard),
                "-n",
                "5000",
                "-c",
                "20",
                "-d",
                "20000",
                "-t",
                "set,get",
                "--csv");
        assertThat(Program.run(directory, "redis-benchmark", benchmark))
            .contains("\"SET\"", "\"GET\"")
            .doesNotContain("rror");
        steelyard.stop();
      }
    }
  }

  /** HTTP of which nobody here reads a byte. */
  @Test
  void curl() throws IOException, InterruptedException {
    byte[] content = new byte[20_000_000];
    new Random(5).nextBytes(content);
    try (Nginx nginx = Nginx.start(directory, "nginx");
        Steelyard steelyard =
            Steelyard.run(directory, yaml("epoll", "protocol: tcp", nginx.address().getPort()))) {
      Path file = Files.write(nginx.root().resolve("file"), content);
      Path got = directory.resolve("got");
      String url = "http://" + steelyard.address();
      String curl = Tool.CURL.path();
      Program.run(directory, "curl", List.of(curl, "-sSf", url + "/file", "-o", got.toString()));
      assertThat(Files.mismatch(file, got)).isEqualTo(-1);
      Program.run(
          directory, "curl", List.of(curl, "-sSf", "-T", got.toString(), url + "/put/uploaded"));
      assertThat(Files.mismatch(file, nginx.root().resolve("uploaded"))).isEqualTo(-1);
      steelyard.stop();
    }
  }

  /** Datagrams as fast as they come, both ways, in one session beside a control connection. */
  @Test
  void iperfOverUdp() throws IOException, InterruptedException {
    int port = Nginx.freePort();
    int proxy = Nginx.freePort();
    List<String> server =
        List.of(Tool.IPERF.path(), "-s", "-B", "127.0.0.1", "-p", String.valueOf(port));
    String yaml =
        """
        admin: { address: "127.0.0.1:0" }
        listeners:
          control: { address: 127.0.0.1:%1$d, protocol: tcp, pool: site }
          data: { address: 127.0.0.1:%1$d, protocol: udp, pool: site }
        pools:
          site: { endpoints: [127.0.0.1:%2$d] }
        """
            .formatted(proxy, port);
    try (Program iperf = Program.start(directory, "iperf3", server)) {
      awaitListening(port);
      try (Steelyard steelyard = Steelyard.run(directory, yaml)) {
        for (String direction : List.of("-4", "-R")) {
          List<String> command =
              List.of(
                  Tool.IPERF.path(),
                  "-c",
                  "127.0.0.1",
                  "-p",
                  String.valueOf(proxy),
                  "-u",
                  "-b",
                  "40M",
                  "-l",
                  "1200",
                  "-k",
                  "5000",
                  direction);
          String result = Program.run(directory, "iperf3-client", command);
          Matcher lost = Pattern.compile("(\\d+)/(\\d+) \\([^)]*\\) +receiver").matcher(result);
          assertThat(lost.find()).as(result).isTrue();
          assertThat(Long.parseLong(lost.group(2))).as(result).isGreaterThan(4000);
          assertThat(Long.parseLong(lost.group(1))).as(result).isLessThan(1000);
        }
        steelyard.stop();
        assertThat(iperf.alive()).isTrue();
      }
    }
  }

  /** Tens of thousands of queries, each balanced by itself, and nearly all of them answered. */
  @Test
  void dnsperf() throws IOException, InterruptedException {
    int a = Nginx.freePort();
    int b = Nginx.freePort();
    StringBuilder queries = new StringBuilder();
    for (int i = 0; i < 1000; i++) {
      queries.append("host").append(i).append(".example.com A\n");
    }
    Path file = Files.writeString(directory.resolve("queries"), queries);
    try (Program first = dnsmasq("first", a, "192.0.2.1");
        Program second = dnsmasq("second", b, "192.0.2.2")) {
      awaitListening(a);
      awaitListening(b);
      String yaml = yaml("epoll", "protocol: udp, sessions: { answers: 1, datagrams: 1 }", a, b);
      try (Steelyard steelyard = Steelyard.run(directory, yaml)) {
        List<String> command =
            List.of(
                Tool.DNSPERF.path(),
                "-s",
                "127.0.0.1",
                "-p",
                port(steelyard),
                "-d",
                file.toString(),
                "-n",
                "20",
                "-c",
                "20",
                "-q",
                "50");
        String result = Program.run(directory, "dnsperf", command);
        assertThat(number("Queries completed: +(\\d+)", result)).as(result).isGreaterThan(19_900);
        assertThat(number("NOERROR (\\d+)", result)).as(result).isGreaterThan(19_900);
        for (int i = 0; i < 2; i++) {
          String served = "/pools/0/endpoints/" + i + "/requests";
          assertThat(steelyard.status().at(served).asInt()).isGreaterThan(9_000);
        }
        steelyard.stop();
      }
      assertThat(first.alive() && second.alive()).isTrue();
    }
  }

  private static int number(String pattern, String text) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    assertThat(matcher.find()).as(text).isTrue();
    return Integer.parseInt(matcher.group(1));
  }

  /** Gigabytes both ways, which the kernel moves alone on epoll. */
  @ParameterizedTest
  @ValueSource(strings = {"epoll", "io-uring"})
  void iperf(String transport) throws IOException, InterruptedException {
    int port = Nginx.freePort();
    List<String> server =
        List.of(Tool.IPERF.path(), "-s", "-B", "127.0.0.1", "-p", String.valueOf(port));
    try (Program iperf = Program.start(directory, "iperf3", server)) {
      awaitListening(port);
      try (Steelyard steelyard = Steelyard.run(directory, yaml(transport, "protocol: tcp", port))) {
        for (String direction : List.of("", "-R")) {
          List<String> command =
              List.of(
                  Tool.IPERF.path(),
                  "-c",
                  "127.0.0.1",
                  "-p",
                  port(steelyard),
                  "-n",
                  "500M",
                  "-P",
                  "2",
                  direction.isEmpty() ? "-4" : direction);
          assertThat(Program.run(directory, "iperf3-client", command)).contains("iperf Done");
        }
        assertThat(steelyard.status().at("/pools/0/endpoints/0/bytes_sent").asLong())
            .isGreaterThan(500_000_000);
        steelyard.stop();
        assertThat(iperf.alive()).isTrue();
      }
    }
  }

  @Test
  void digOverUdpAndTcp() throws IOException, InterruptedException {
    int a = Nginx.freePort();
    int b = Nginx.freePort();
    try (Program first = dnsmasq("first", a, "192.0.2.1");
        Program second = dnsmasq("second", b, "192.0.2.2")) {
      assertThat(first.alive() && second.alive()).isTrue();
      awaitListening(a);
      awaitListening(b);
      try (Steelyard udp =
              Steelyard.run(
                  directory,
                  yaml("epoll", "protocol: udp, sessions: { answers: 1, datagrams: 1 }", a, b));
          Steelyard tcp = Steelyard.run(directory, yaml("epoll", "protocol: tcp", a, b))) {
        // each event loop has a turn of its own
        String one = dig(udp, "+notcp");
        await().atMost(Program.PATIENCE).until(() -> !dig(udp, "+notcp").equals(one));
        String other = dig(tcp, "+tcp");
        await().atMost(Program.PATIENCE).until(() -> !dig(tcp, "+tcp").equals(other));
        udp.stop();
        tcp.stop();
      }
    }
  }

  private Program dnsmasq(String name, int port, String address) {
    return Program.start(
        directory,
        name,
        List.of(
            Tool.DNSMASQ.path(),
            "--keep-in-foreground",
            "--no-hosts",
            "--no-resolv",
            "--listen-address=127.0.0.1",
            "--bind-interfaces",
            "--port=" + port,
            "--address=/example.com/" + address,
            "--pid-file"));
  }

  private String dig(Steelyard steelyard, String transport) throws InterruptedException {
    String answer =
        Program.run(
            directory,
            "dig",
            List.of(
                Tool.DIG.path(),
                "@127.0.0.1",
                "-p",
                port(steelyard),
                transport,
                "+short",
                "www.example.com",
                "A"));
    Matcher address = Pattern.compile("192\\.0\\.2\\.\\d").matcher(answer);
    assertThat(address.find()).as(answer).isTrue();
    return address.group() + "\n";
  }
}
