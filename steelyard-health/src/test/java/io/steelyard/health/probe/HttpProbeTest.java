package io.steelyard.health.probe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.model.HttpProbeSpec;
import io.steelyard.model.HttpStepsProbeSpec;
import io.steelyard.model.JsonExpectation;
import io.steelyard.model.SavedValue;
import io.steelyard.model.Statuses;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpProbeTest {
  private static final HttpProbeSpec ROOT = HttpProbeSpec.defaults();

  private static HttpProbeSpec body(
      @Nullable String text, @Nullable String regex, @Nullable JsonExpectation json) {
    return new HttpProbeSpec(
        "/", "GET", Map.of(), null, Statuses.parse("200"), text, regex, json, Map.of(), null);
  }

  private static String probe(HttpProbeSpec spec, String answer) throws Exception {
    try (var server = Server.answering(answer.replace("\n", "\r\n"))) {
      return Run.once(spec, server.target());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "200 OK, passed L7 status 200",
    "299 X, passed L7 status 299",
    "204, passed L7 status 204",
    "302 Found, 'failed L7 status 302, expected 200-299'",
    "500 Oh, 'failed L7 status 500, expected 200-299'"
  })
  void looksAtTheStatus(String status, String result) throws Exception {
    assertThat(probe(ROOT, "HTTP/1.1 " + status + "\nContent-Length: 0\n\n")).isEqualTo(result);
  }

  @Test
  void passesOverInterimAnswers() throws Exception {
    assertThat(probe(ROOT, "HTTP/1.1 103 Early\nLink: x\n\nHTTP/1.0 200 OK\n\n"))
        .isEqualTo("passed L7 status 200");
    assertThat(probe(ROOT, "HTTP/1.1 100 Go\n\n".repeat(11)))
        .isEqualTo("failed L7 more than 10 interim answers");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "garbage\n", "HTTP/2 200 OK\n\n", "HTTP/1.1 20\n\n", "HTTP/1.1 2000 X\n\n",
        "HTTP/1.1 x00 X\n\n", "HTTP/1.1 099 X\n\n", "HTTP/1.1  200 X\n\n", "\n"
      })
  void garbageIsNoAnswer(String answer) throws Exception {
    assertThat(probe(ROOT, answer))
        .matches("failed L7 found '.*', expected an HTTP/1.1 status line");
  }

  @Test
  void saysWhereAnAnswerEndsTooEarly() throws Exception {
    assertThat(probe(ROOT, "HTTP/1.1 20"))
        .isEqualTo("failed L7 the connection ended after 'HTTP/1.1 20'");
    assertThat(probe(ROOT, "HTTP/1.1 200 OK\nno field\n\n"))
        .isEqualTo("failed L7 found 'no field', expected a header field");
    var text = body("x", null, null);
    assertThat(probe(text, "HTTP/1.1 200 OK\nContent-Length: 10\n\nabc"))
        .isEqualTo("failed L7 the body ended after 3 of 10 bytes");
    assertThat(probe(text, "HTTP/1.1 200 OK\nContent-Length: -1\n\nabc"))
        .isEqualTo("failed L7 found '-1', expected the length of a body");
    assertThat(probe(text, "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n5\nabc"))
        .isEqualTo("failed L7 the body ended within a chunk");
  }

  @Test
  void hasItsTimeForEverythingTogether() throws Exception {
    try (var server =
        Server.start((in, out) -> {
          while (true) { // a byte now and then keeps no probe alive
            out.write('x');
            out.flush();
            Thread.sleep(20);
          }
        })) {
      assertThat(Run.quickly(ROOT, server.target()))
          .startsWith("failed L7 no answer within 150 ms, only 'xx");
    }
  }

  @Test
  void looksIntoTheBody() throws Exception {
    var length = "HTTP/1.1 200 OK\nContent-Length: 9\n\nall well!and more";
    assertThat(probe(body("all well", "^a.*!$", null), length))
        .isEqualTo("passed content status 200 and the content expected");
    assertThat(probe(body("and more", null, null), length))
        .isEqualTo("failed content found 'all well!', expected 'and more'");
    var chunks = "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n3;x=y\nall\n5\n well\n0\n\n";
    assertThat(probe(body(null, "^all well$", null), chunks)).startsWith("passed content");
    var untilTheEnd = "HTTP/1.0 200 OK\n\nall well";
    assertThat(probe(body(null, "^all well$", null), untilTheEnd)).startsWith("passed content");
    var large = "HTTP/1.1 200 OK\nContent-Length: 999999\n\n" + "a".repeat(999_999);
    assertThat(probe(body("aaaa", null, null), large)).startsWith("passed content");
  }

  @Test
  void looksIntoJson() throws Exception {
    var answer = "HTTP/1.1 200 OK\n\n{\"a\":[{\"b\":true},{\"b\":3.5}],\"n\":null,\"s\":\"x\"}";
    assertThat(probe(body(null, null, new JsonExpectation("$.a[0].b", "true")), answer))
        .startsWith("passed content");
    assertThat(probe(body(null, null, new JsonExpectation("$.a[-1]['b']", "3.5")), answer))
        .startsWith("passed content");
    assertThat(probe(body(null, null, new JsonExpectation("$.s", null)), answer))
        .startsWith("passed content");
    assertThat(probe(body(null, null, new JsonExpectation("$.s", "y")), answer))
        .isEqualTo("failed content $.s is 'x', expected 'y'");
    assertThat(probe(body(null, null, new JsonExpectation("$.n", null)), answer))
        .startsWith("failed content $.n is not there, found '{");
    assertThat(probe(body(null, null, new JsonExpectation("$.s", null)), "HTTP/1.1 200 OK\n\n<x>"))
        .isEqualTo("failed content found '<x>', expected JSON");
  }

  @Test
  void sendsWhatItIsTold() throws Exception {
    var heads = new CopyOnWriteArrayList<String>();
    try (var server =
        Server.start((in, out) -> {
          var head = Server.readHead(in);
          heads.add(head + new String(in.readNBytes(head.contains("POST") ? 3 : 0), UTF_8));
          out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(UTF_8));
        })) {
      Run.once(ROOT, server.target());
      Run.once(
          new HttpProbeSpec(
              "/a?b",
              "POST",
              Map.of("host", "h", "X-Y", "1"),
              "abc",
              Statuses.parse("200"),
              null,
              null,
              null,
              Map.of(),
              null),
          server.target());
      assertThat(heads)
          .containsExactly(
              "GET / HTTP/1.1\r\nHost: "
                  + server.address()
                  + "\r\nUser-Agent: steelyard-probe\r\nConnection: close\r\n\r\n",
              "POST /a?b HTTP/1.1\r\nUser-Agent: steelyard-probe\r\nConnection: close\r\n"
                  + "Content-Length: 3\r\n"
                  + header(heads.get(1))
                  + "\r\nabc");
    }
  }

  /** In the order that the map of the test happens to have. */
  private static String header(String head) {
    return head.contains("host: h\r\nX-Y: 1\r\n")
        ? "host: h\r\nX-Y: 1\r\n"
        : "X-Y: 1\r\nhost: h\r\n";
  }

  @Test
  void stepsCarryValuesOver() throws Exception {
    var login =
        new HttpProbeSpec(
            "/login",
            "POST",
            Map.of(),
            "user",
            Statuses.parse("200"),
            null,
            null,
            null,
            Map.of(
                "token", new SavedValue("$.token", null, null),
                "id", new SavedValue(null, "\"id\":([0-9]+)", null),
                "next", new SavedValue(null, null, "X-Next")),
            null);
    var ask =
        new HttpProbeSpec(
            "${next}/${id}",
            "GET",
            Map.of("Authorization", "Bearer ${token}"),
            null,
            Statuses.parse("200"),
            null,
            null,
            new JsonExpectation("$.balance", "7"),
            Map.of(),
            null);
    try (var server =
        Server.start((in, out) -> {
          var head = Server.readHead(in);
          var answer =
              head.startsWith("POST /login")
                  ? "HTTP/1.1 200 OK\r\nX-Next: /accounts\r\n\r\n{\"token\":\"t1\",\"id\":42}"
                  : head.startsWith("GET /accounts/42 ") && head.contains("Bearer t1\r\n")
                      ? "HTTP/1.1 200 OK\r\n\r\n{\"balance\":7}"
                      : "HTTP/1.1 403 No\r\n\r\n";
          out.write(answer.getBytes(UTF_8));
        })) {
      assertThat(Run.once(new HttpStepsProbeSpec(List.of(login, ask)), server.target()))
          .isEqualTo("passed content status 200 and the content expected");
      assertThat(Run.once(new HttpStepsProbeSpec(List.of(ask, login)), server.target()))
          .isEqualTo("failed L7 step 1: status 403, expected 200");
    }
  }

  /** What an endpoint says becomes part of a request, and must not become two. */
  @Test
  void aSavedValueCannotSmuggle() throws Exception {
    var save =
        new HttpProbeSpec(
            "/",
            "GET",
            Map.of(),
            null,
            Statuses.parse("200"),
            null,
            null,
            null,
            Map.of("v", new SavedValue("$.v", null, null)),
            null);
    var inPath =
        new HttpProbeSpec(
            "/${v}",
            "GET",
            Map.of(),
            null,
            Statuses.parse("200"),
            null,
            null,
            null,
            Map.of(),
            null);
    var inField =
        new HttpProbeSpec(
            "/",
            "GET",
            Map.of("X", "${v}"),
            null,
            Statuses.parse("200"),
            null,
            null,
            null,
            Map.of(),
            null);
    var heads = new CopyOnWriteArrayList<String>();
    try (var server =
        Server.start((in, out) -> {
          heads.add(Server.readHead(in));
          out.write("HTTP/1.1 200 OK\r\n\r\n{\"v\":\"a\\r\\nEvil: 1\"}".getBytes(UTF_8));
        })) {
      assertThat(Run.once(new HttpStepsProbeSpec(List.of(save, inPath)), server.target()))
          .startsWith("failed content step 2: the path '/a..Evil: 1' would not be one word");
      assertThat(Run.once(new HttpStepsProbeSpec(List.of(save, inField)), server.target()))
          .startsWith("passed");
      assertThat(heads.getLast()).contains("X: a..Evil: 1\r\n");
    }
  }

  /** Whatever comes back, a probe ends with a result. */
  @Test
  void anyBytesGiveAResult() throws Exception {
    var random = new SplittableRandom(7);
    var good = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
    var answer = new byte[][] {new byte[0]};
    try (var server =
        Server.start((in, out) -> {
          Server.readHead(in);
          out.write(answer[0]);
        })) {
      var probe = Probes.of(body("abc", null, new JsonExpectation("$.a", null)));
      for (int i = 0; i < 500; i++) {
        var bytes = good.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        for (int n = random.nextInt(4); n >= 0; n--) {
          bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        answer[0] = java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
        assertThat(probe.run(server.target(), Run.LONG).detail()).doesNotContain("\r", "\n");
      }
    }
  }
}
