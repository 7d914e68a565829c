package io.steelyard.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.balance.balancer.Balancers;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SimulateCommandTest {
  private static final Path ROOT = Path.of("..");
  private static final Path DOCUMENT = ROOT.resolve("docs/simulation.md");
  private static final Pattern EXAMPLE =
      Pattern.compile("(?ms)^```sh\n\\./steelyard (.*?)\n```\n\n```text\n(.*?)^```$");

  @TempDir private Path directory = Path.of("");
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int steelyard(String... arguments) {
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    return line.execute(arguments);
  }

  static Collection<String> balancers() {
    return Balancers.standard().names();
  }

  /** Those that cannot do without options say so, with the option's name. */
  @ParameterizedTest
  @MethodSource("balancers")
  void everyBalancerByName(String name) {
    int status = steelyard("simulate", "--algorithm", name, "--requests", "2000", "--loops", "2");
    if (status == 0) {
      assertThat(out.toString()).contains("\n" + name + " ").contains("10.0.0.10:80");
      assertThat(err.toString()).isEmpty();
    } else {
      assertThat(status).isEqualTo(2);
      assertThat(err.toString()).contains(name);
    }
  }

  @Test
  void comparesAll() {
    assertThat(steelyard("simulate", "--algorithm", "all", "--requests", "500", "--endpoints", "3"))
        .isZero();
    assertThat(out.toString())
        .contains("500 requests to 3 endpoints")
        .contains("\nrandom ")
        .contains("\nround-robin ");
  }

  /** To write them anew: -Dsteelyard.regenerate=true. */
  @Test
  void theDocumentShowsWhatIsPrinted() throws IOException {
    String text = Files.readString(DOCUMENT);
    Matcher examples = EXAMPLE.matcher(text);
    String now = examples.replaceAll(this::shown);
    if (Boolean.getBoolean("steelyard.regenerate")) {
      Files.writeString(DOCUMENT, now);
    }
    assertThat(Files.readString(DOCUMENT)).isEqualTo(now);
    assertThat(EXAMPLE.matcher(now).results()).hasSizeGreaterThanOrEqualTo(2);
  }

  private String shown(MatchResult example) {
    out.getBuffer().setLength(0);
    String command = example.group(1).replace("examples/", ROOT.resolve("examples") + "/");
    assertThat(steelyard(command.split(" +"))).as(err.toString()).isZero();
    return Matcher.quoteReplacement(
        "```sh\n./steelyard " + example.group(1) + "\n```\n\n```text\n" + out + "```");
  }

  @Test
  void jsonHasEverything() {
    assertThat(
            steelyard(
                "simulate", "--algorithm", "random,round-robin", "--requests", "99", "--json"))
        .isZero();
    JsonNode results = new JsonMapper().readTree(out.toString()).get("results");
    assertThat(results).hasSize(2);
    JsonNode second = results.get(1);
    assertThat(second.get("balancer").asString()).isEqualTo("round-robin");
    assertThat(second.get("requests").asInt()).isEqualTo(99);
    assertThat(second.at("/endpoints/0/waited/p999").asDouble()).isPositive();
    assertThat(second.get("departure").isNull()).isTrue();
    assertThat(second.at("/timeline/asked")).hasSize(10);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "simulate | there is nothing to simulate, expected FILE or --algorithm NAME",
        "simulate --algorithm randon | unknown balancer 'randon', did you mean random?",
        "simulate --algorithm random --requests 0 | --requests is 0, expected 1 to 100000000",
        "simulate --algorithm random --load 0 | --load is 0.0, expected 0.001 to 100",
        "simulate --algorithm random --load NaN | --load is NaN, expected 0.001 to 100",
        "simulate --algorithm random --option x=1 | --option x: unknown option 'x'",
        "simulate --algorithm all --option x=1 | --option stands without one --algorithm",
        "simulate --algorithm random --pool x | --pool stands without FILE",
        "simulate ../examples/minimal.yaml --endpoints 3 | --endpoints stands beside FILE",
        "simulate ../examples/minimal.yaml --pool x | --pool is x, expected one of: ",
        "simulate no.yaml | no.yaml: error: there is no such file",
      })
  void badInputIsAnsweredWithWhatWasExpected(String command, String complaint) {
    assertThat(steelyard(command.split(" "))).isEqualTo(2);
    assertThat(err.toString()).contains(complaint);
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void badFilesAreAnsweredWithThePlace() throws IOException {
    Path file = directory.resolve("bad.yaml");
    Files.writeString(
        file,
        """
        listeners: { web: { address: ":80", pool: site } }
        pools: { site: { endpoints: [10.0.0.1:80] } }
        simulation: { request: 5 }
        """);
    assertThat(steelyard("simulate", file.toString())).isEqualTo(2);
    assertThat(err.toString())
        .startsWith(file + ":3:15: error: simulation.request: is not a known key, did you mean");
  }

  @Test
  void longRunsTellHowFarTheyAre() {
    assertThat(progress(true)).isEqualTo("\rrandom: 20 of 100 requests\r" + " ".repeat(60) + "\r");
    assertThat(progress(false)).isEqualTo("random: 60 of 100 requests\n");
  }

  /** A tenth of the requests each 100 ms on a terminal, each 900 ms elsewhere. */
  private static String progress(boolean terminal) {
    StringWriter said = new StringWriter();
    AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 100);
    var progress =
        new SimulationProgress(new PrintWriter(said), terminal, "random", 100, clock::get);
    List<Long> steps = new ArrayList<>(List.of(10L, 20L, 30L, 60L, 100L));
    long step = terminal ? 100_000_000L : 1_300_000_000L;
    for (long arrived : steps) {
      clock.addAndGet(arrived == 30 && terminal ? 0 : arrived == 60 && terminal ? 0 : step);
      progress.accept(arrived);
    }
    return said.toString().replace(System.lineSeparator(), "\n");
  }
}
