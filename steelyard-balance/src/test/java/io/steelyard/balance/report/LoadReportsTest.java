package io.steelyard.balance.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.steelyard.balance.LoadReport;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class LoadReportsTest {
  @Test
  void agentsSpeakAsHaproxyHasIt() {
    assertThat(agent("75%\n")).isEqualTo(Map.of("weight", 0.75));
    assertThat(agent("up 100% maxconn:30 #all is well cpu=1\n"))
        .isEqualTo(Map.of("weight", 1.0, "maxconn", 30.0));
    assertThat(agent("ready,50%\tup\r\n12%")).isEqualTo(Map.of("weight", 0.5));
    assertThat(agent("drain\n")).isEmpty();
    assertThat(agent("cpu=0.9 memory=40% packet-loss=2.5%"))
        .isEqualTo(Map.of("cpu", 0.9, "memory", 0.4, "packet-loss", 0.025));
    assertThat(agent("%  =  =1 a= b=x c=-1 d=NaN e=Infinity f=0x1p3 g=1d h=1e999 maxconn:"))
        .isEmpty();
  }

  @Test
  void jsonIsFlattened() {
    assertThat(json("{\"cpu\": 0.9, \"disk\": {\"io\": 2e-1}, \"name\": \"a\\\"b\", \"up\": true}"))
        .isEqualTo(Map.of("cpu", 0.9, "disk.io", 0.2));
    assertThat(json(" { } ")).isEmpty();
    assertThat(json("{\"a\":[1,{\"b\":2},[]],\"c\":null,\"d\":3}")).containsEntry("d", 3.0);
    assertThat(json("{\"cpu_utilization\":0.25}")).isEqualTo(Map.of("cpu", 0.25));
  }

  @Test
  void jsonThatErrsGivesWhatCameBefore() {
    assertThat(json("{\"a\": 1, \"b\" 2, \"c\": 3}")).isEqualTo(Map.of("a", 1.0));
    assertThat(json("{\"a\": 1, \"b\": {\"c\": 2")).isEqualTo(Map.of("a", 1.0, "b.c", 2.0));
    assertThat(json("{\"a\": 1, \"b\": \"no end")).isEqualTo(Map.of("a", 1.0));
    assertThat(json("")).isEmpty();
    assertThat(json("[".repeat(100_000))).isEmpty();
    assertThat(json("{\"a\":".repeat(100_000))).isEmpty();
  }

  /** The forms that Envoy and vLLM write. */
  @Test
  void orcaComesAsTextAndAsJson() {
    var expected = Map.of("cpu", 0.3, "memory", 0.8, "rps_fractional", 10.0, "queue", 4.0);
    assertThat(
            orca(
                "TEXT cpu_utilization=0.3,mem_utilization=0.8, rps_fractional=10.0,"
                    + "named_metrics.queue=4"))
        .isEqualTo(expected);
    assertThat(
            orca("cpu_utilization:0.3,mem_utilization:0.8,rps_fractional:10,named_metrics.queue:4"))
        .isEqualTo(expected);
    assertThat(
            orca(
                "JSON {\"cpu_utilization\": 0.3, \"mem_utilization\": 0.8, \"rps_fractional\": 10.0,"
                    + " \"named_metrics\": {\"queue\": 4}}"))
        .isEqualTo(expected);
    assertThat(orca("BIN CgkJmpmZmZmZ0z8=")).isEmpty();
    assertThat(orca("")).isEmpty();
    assertThat(orca("=,=1,a,a=")).isEmpty();
  }

  @Test
  void noMoreIsKeptThanMakesSense() {
    var text = new StringBuilder();
    for (int i = 0; i < 200; i++) {
      text.append("m").append(i).append('=').append(i).append(',');
    }
    assertThat(orca(text.toString())).hasSize(64);
    assertThat(agent("n".repeat(65) + "=1 short=1")).isEqualTo(Map.of("short", 1.0));
  }

  /** Whatever comes, what is there is a number that makes sense, and nothing throws. */
  @Test
  void anythingCanBeSent() {
    for (int seed = 0; seed < 20_000; seed++) {
      var random = new SplittableRandom(seed);
      var text = text(random);
      for (Function<String, Map<String, Double>> parser :
          List.<Function<String, Map<String, Double>>>of(
              LoadReportsTest::agent, LoadReportsTest::json, LoadReportsTest::orca)) {
        assertThat(parser.apply(text).values()).allMatch(LoadReport::isValid);
      }
    }
  }

  private static String text(SplittableRandom random) {
    String[] pieces = {
      "{",
      "}",
      "[",
      "]",
      "\"",
      ":",
      ",",
      "=",
      "%",
      " ",
      "\\",
      "cpu",
      "1",
      "0.5",
      "-",
      "e",
      "JSON ",
      "TEXT ",
      "null",
      "\n",
      "\0",
      "named_metrics",
      ".",
      "maxconn:"
    };
    var text = new StringBuilder();
    for (int i = random.nextInt(30); i > 0; i--) {
      text.append(pieces[random.nextInt(pieces.length)]);
    }
    return text.toString();
  }

  @Test
  void reportsHaveNoImpossibleNumbers() {
    assertThatThrownBy(() -> new LoadReport(Map.of("cpu", -0.5), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("metric cpu is -0.5, expected a finite number, 0 or more");
    assertThat(new LoadReport(Map.of("cpu", 0.5), 1).get("disk")).isNaN();
  }

  private static Map<String, Double> agent(String text) {
    return AgentText.parse(text, 7).metrics();
  }

  private static Map<String, Double> json(String text) {
    return JsonLoad.parse(text, 7).metrics();
  }

  private static Map<String, Double> orca(String text) {
    return OrcaHeader.parse(text, 7).metrics();
  }
}
