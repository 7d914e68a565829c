package io.steelyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code steelyard demo}, as somebody sees it who tries Steelyard for the first time. */
class DemoIT {
  private static final Pattern SITE = Pattern.compile("(http://\\S+/) +each request");
  private static final Pattern ADMIN = Pattern.compile("(http://\\S+/) +what is counted");
  private static final Pattern YAML = Pattern.compile("(?ms)^admin:\n.*?(?=^It gets)");

  @TempDir private Path directory = Path.of("");

  private static String find(Pattern pattern, Program demo) {
    Matcher matcher = pattern.matcher(demo.output());
    assertThat(matcher.find()).as("%s in %s", pattern, demo).isTrue();
    return matcher.groupCount() > 0 ? matcher.group(1) : matcher.group();
  }

  private static String get(HttpClient client, String url)
      throws IOException, InterruptedException {
    return client
        .send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString())
        .body();
  }

  @Test
  void showsItself() throws IOException, InterruptedException {
    try (Program demo = Steelyard.start(directory, "demo", "--port", "0", "--admin-port", "0");
        HttpClient client = HttpClient.newHttpClient()) {
      demo.awaitOutput("Ctrl-C stops everything");

      Set<String> answers = new HashSet<>();
      for (int i = 0; i < 30; i++) {
        answers.add(get(client, find(SITE, demo)).lines().findFirst().orElse(""));
      }
      assertThat(answers).hasSize(3).allMatch(line -> line.startsWith("Endpoint "));
      String admin = find(ADMIN, demo);
      assertThat(get(client, admin)).contains("Pool samples");
      assertThat(get(client, admin + "readyz")).isEqualTo("ready\n");
      assertThat(get(client, admin + "metrics")).contains("steelyard_listener_requests_total");
      assertThat(get(client, admin + "v1/status")).contains("\"samples\"");
      assertThat(demo.awaitOutput("Load: (\\d+) requests answered, .* 0 failed").group(1))
          .isNotEqualTo("0");

      demo.signal("INT");
      assertThat(demo.awaitExit()).as("exit status of %s", demo).isZero();
      assertThat(demo.errors()).doesNotContain("Exception", "ERROR", "\tat ");
    }
  }

  @Test
  void theConfigurationThatItPrintsIsValid() throws InterruptedException {
    try (Program demo =
        Steelyard.start(directory, "demo", "--port", "0", "--admin-port", "0", "--load", "0")) {
      demo.awaitOutput("It gets no load. Ctrl-C stops everything");
      demo.terminate();
      assertThat(demo.awaitExit()).as("exit status of %s", demo).isZero();

      Path file = Steelyard.write(directory, find(YAML, demo));
      try (Program check = Steelyard.start(directory, "check", file.toString())) {
        assertThat(check.awaitExit()).as("exit status of %s", check).isZero();
        assertThat(check.errors()).isEmpty();
      }
      // The ports are free again: with this file, run listens where demo did.
      try (Program run = Steelyard.start(directory, "run", file.toString())) {
        run.awaitOutput("Listener web listens on " + URI.create(find(SITE, demo)).getAuthority());
      }
    }
  }

  @Test
  void aPortThatIsTakenIsNamedWithItsOption() throws IOException, InterruptedException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      String port = Integer.toString(taken.getLocalPort());
      assertRefused(port, "--port", port, "--admin-port", "0");
      assertRefused(port, "--admin-port", port, "--port", "0");
    }
  }

  private void assertRefused(String port, String option, String... options)
      throws InterruptedException {
    try (Program demo =
        Steelyard.start(directory, "demo", option, options[0], options[1], options[2])) {
      assertThat(demo.awaitExit()).as("exit status of %s", demo).isOne();
      assertThat(demo.errors())
          .contains("127.0.0.1:" + port + ": the address is already in use")
          .contains("(" + option + " takes another port)");
      assertThat(demo.errors().lines()).hasSize(1);
      assertThat(demo.output()).isEmpty();
    }
  }
}
