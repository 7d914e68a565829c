package io.steelyard.e2e;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The administrator says what is wanted of endpoints, and no client notices. */
class AdministratorIT {
  private static final String PROBES =
      """
          retries: 0
          health: { http: { path: /name }, interval: 200ms, timeout: 200ms, rise: 1, fall: 5 }
          slow-start: { duration: 100ms }
      """;

  @TempDir private Path directory = Path.of("");

  private static String text(InetSocketAddress address) {
    return address.getHostString() + ":" + address.getPort();
  }

  /** {@code steelyard ARGUMENTS} against that process; it must be done. */
  private String command(Steelyard steelyard, String... arguments) throws InterruptedException {
    return Program.run(directory, "command", commandLine(steelyard, arguments));
  }

  private static List<String> commandLine(Steelyard steelyard, String... arguments) {
    List<String> all = new ArrayList<>(Arrays.asList(arguments));
    all.add("--admin");
    all.add(steelyard.adminAddress());
    return Steelyard.command(all.toArray(String[]::new));
  }

  private static JsonNode endpoint(Steelyard steelyard, int index)
      throws IOException, InterruptedException {
    return steelyard.status().at("/pools/0/endpoints/" + index);
  }

  /** Drained, disabled and wanted again under load: not one request fails. */
  @Test
  void noRequestFailsWhileEndpointsAreDrained() throws IOException, InterruptedException {
    try (Nginx a = Nginx.start(directory, "a");
        Nginx b = Nginx.start(directory, "b");
        Steelyard steelyard =
            Steelyard.run(
                directory, Steelyard.yaml(List.of(a.address(), b.address()), "", PROBES));
        Wrk wrk = Wrk.start(directory, steelyard.url("/name"), 16)) {
      String first = text(a.address());
      awaitRequests(steelyard, 0);
      assertThat(command(steelyard, "drain", "site", first, "--wait", "30s"))
          .contains("site/" + first + " is wanted DRAIN, its health is UP, 0 requests in flight");
      long drained = endpoint(steelyard, 0).at("/requests").asLong();
      assertThat(command(steelyard, "disable", "site", first)).contains("is wanted DISABLED");
      a.kill(); // whoever sends it a request now gets an error
      awaitRequests(steelyard, 1);
      assertThat(endpoint(steelyard, 0).at("/requests").asLong()).isEqualTo(drained);
      assertThat(endpoint(steelyard, 0).at("/connections/active").asLong()).isZero();
      assertThat(endpoint(steelyard, 0).at("/health/health").asString()).isEqualTo("STARTING");
      assertThat(steelyard.admin("/metrics").body())
          .contains(
              "steelyard_endpoint_wish{endpoint=\"%s\",pool=\"site\",wish=\"disabled\"} 1.0"
                  .formatted(first));
      assertThat(command(steelyard, "status")).containsPattern(first + " +DISABLED +STARTING");

      a.restart();
      assertThat(command(steelyard, "ready", "site", first)).contains("is wanted READY");
      awaitRequests(steelyard, 0);
      assertThat(wrk.finish()).isPositive();
      assertThat(steelyard.status().at("/events").toString())
          .contains("\"from\":\"READY\",\"to\":\"DRAIN\",\"reason\":\"the admin port\"")
          .contains("\"from\":\"DRAIN\",\"to\":\"DISABLED\"");
      steelyard.stop();
    }
  }

  private static void awaitRequests(Steelyard steelyard, int endpoint)
      throws IOException, InterruptedException {
    long before = endpoint(steelyard, endpoint).at("/answers/2xx").asLong();
    await("more requests to endpoint " + endpoint)
        .atMost(Program.PATIENCE)
        .until(() -> endpoint(steelyard, endpoint).at("/answers/2xx").asLong() >= before + 200);
  }

  /** A request that is under way ends as it would have. */
  @Test
  void whatIsUnderWayIsFinished() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    try (RawServer slow =
            RawServer.start((in, out) -> {
              while (!RawServer.readHead(in).isEmpty()) {
                asked.countDown();
                answer.await();
                RawServer.write(out, "HTTP/1.1 200 OK\nContent-Length: 4\n\ndone");
              }
            });
        Steelyard steelyard = Steelyard.run(directory, Steelyard.yaml(List.of(slow.address())));
        Socket client = steelyard.connect()) {
      client.getOutputStream().write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(US_ASCII));
      asked.await();
      String name = text(slow.address());
      assertThat(command(steelyard, "drain", "site", name)).contains("1 requests in flight");
      Program waiting =
          Program.start(
              directory,
              "waiting",
              commandLine(steelyard, "drain", "site", name, "--wait", "200ms"));
      assertThat(waiting.awaitExit()).as("it is not over yet").isEqualTo(1);
      assertThat(steelyard.get("/").statusCode()).isEqualTo(503);
      answer.countDown();
      assertThat(read(client, 4)).endsWith("done");
      assertThat(command(steelyard, "drain", "site", name, "--wait", "30s"))
          .contains("0 requests in flight, 0 connections");
      steelyard.stop();
    }
  }

  private static String read(Socket client, int bodyLength) throws IOException {
    InputStream in = client.getInputStream();
    StringBuilder text = new StringBuilder();
    int end = -1;
    while (end < 0 || text.length() < end + bodyLength) {
      int b = in.read();
      assertThat(b).isNotNegative();
      text.append((char) b);
      end = text.indexOf("\r\n\r\n") < 0 ? -1 : text.indexOf("\r\n\r\n") + 4;
    }
    return text.toString();
  }

  @Test
  void aDisabledEndpointIsNotProbed() throws IOException, InterruptedException {
    AtomicInteger probes = new AtomicInteger();
    try (RawServer probed =
            RawServer.start((in, out) -> {
              while (!RawServer.readHead(in).isEmpty()) {
                probes.incrementAndGet();
                RawServer.write(out, "HTTP/1.1 200 OK\nContent-Length: 2\n\nok");
              }
            });
        Nginx other = Nginx.start(directory, "other");
        Steelyard steelyard =
            Steelyard.run(
                directory,
                Steelyard.yaml(List.of(), "", PROBES)
                    .replace(
                        "endpoints: []",
                        "endpoints: [{ address: '%s', wish: disabled }, '%s']"
                            .formatted(text(probed.address()), text(other.address()))))) {
      await().until(() -> endpoint(steelyard, 1).at("/health/probes/passed").asInt() > 5);
      assertThat(probes).hasValue(0);
      assertThat(endpoint(steelyard, 0).at("/wish").asString()).isEqualTo("DISABLED");
      command(steelyard, "ready", "site", text(probed.address()));
      await().until(() -> endpoint(steelyard, 0).at("/health/health").asString().equals("UP"));
      assertThat(probes).hasPositiveValue();
      steelyard.stop();
    }
  }

  @Test
  void mistakesAreExplained() throws IOException, InterruptedException {
    try (Nginx a = Nginx.start(directory, "a");
        Steelyard steelyard = Steelyard.run(directory, Steelyard.yaml(List.of(a.address())))) {
      Program unknown =
          Program.start(directory, "unknown", commandLine(steelyard, "drain", "sight", "x:1"));
      assertThat(unknown.awaitExit()).isEqualTo(2);
      assertThat(unknown.errors())
          .isEqualTo("steelyard: there is no pool 'sight', expected site\n");
      Program nobody =
          Steelyard.start(directory, "status", "--admin", "127.0.0.1:" + Nginx.freePort());
      assertThat(nobody.awaitExit()).isEqualTo(1);
      assertThat(nobody.errors())
          .startsWith("steelyard: no answer from the admin port 127.0.0.1:")
          .doesNotContain("\tat ");
      Program other = Steelyard.start(directory, "status", "--admin", text(a.address()));
      assertThat(other.awaitExit()).isEqualTo(2);
      assertThat(other.errors()).endsWith("answers with status 404\n");
      JsonNode status = new JsonMapper().readTree(command(steelyard, "status", "--json"));
      assertThat(status.at("/pools/0/name").asString()).isEqualTo("site");
      steelyard.stop();
    }
  }

  /** A quorum of two of three, and a pool that says sorry. */
  @Test
  void belowItsQuorumAPoolHandsOver() throws IOException, InterruptedException {
    try (Nginx a = Nginx.start(directory, "a");
        Nginx b = Nginx.start(directory, "b");
        Nginx sorry = Nginx.start(directory, "sorry");
        Steelyard steelyard =
            Steelyard.run(
                directory,
                Steelyard.yaml(
                    List.of(a.address(), b.address()),
                    "",
                    PROBES
                        + """
                            quorum: 2
                            fallback: sorry
                          sorry:
                            endpoints: ['%s']
                            health: { http: { path: /name }, interval: 200ms, timeout: 200ms, rise: 1, fall: 5 }
                            fallback: { answer: { status: 503, body: "back soon", retry-after: 7s } }
                        """
                            .formatted(text(sorry.address()))))) {
      assertThat(steelyard.get("/name").body().strip()).isIn("a", "b");
      a.kill();
      await().until(() -> steelyard.get("/name").body().strip().equals("sorry"));
      assertThat(steelyard.program().errors())
          .contains("Pool site is DOWN, was UP: 1 of 2 endpoints can be used; the quorum is 2");
      sorry.kill();
      await().until(() -> steelyard.get("/name").body().equals("back soon"));
      HttpResponse<String> answer = steelyard.get("/name");
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.headers().firstValue("Retry-After")).contains("7");
      a.restart();
      await().until(() -> steelyard.get("/name").body().strip().matches("[ab]"));
      steelyard.stop();
    }
  }
}
