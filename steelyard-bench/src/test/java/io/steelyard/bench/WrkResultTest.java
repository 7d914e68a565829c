package io.steelyard.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class WrkResultTest {
  private static final String CLEAN =
      """
      Running 5s test @ http://127.0.0.1:44491/small
        1 threads and 64 connections
        Thread Stats   Avg      Stdev     Max   +/- Stdev
          Latency    85.72ms  197.17ms   1.42s    93.13%
          Req/Sec     2.12k     2.58k   13.19k    91.30%
        Latency Distribution
           50%  642.00us
           75%   56.66ms
           90%  168.66ms
           99%    1.14s\s
        10238 requests in 5.02s, 1.35MB read
      Requests/sec:   2039.26
      Transfer/sec:    274.82KB
      """;

  private static final String FAULTY =
      CLEAN.replace(
          "Requests/sec",
          """
            Socket errors: connect 0, read 12, write 0, timeout 3
            Non-2xx or 3xx responses: 7
          Requests/sec\
          """);

  @Test
  void readsWhatWrkPrints() {
    WrkResult result = WrkResult.parse(CLEAN);

    assertThat(result.requests()).isEqualTo(10_238);
    assertThat(result.requestsPerSecond()).isEqualTo(2039.26);
    assertThat(result.bytesRead()).isEqualTo(1.35 * 1024 * 1024);
    assertThat(result.p50Micros()).isEqualTo(642);
    assertThat(result.p99Micros()).isEqualTo(1_140_000);
    assertThat(result.failures()).isEmpty();
    assertThat(result.problems(Work.SMALL)).isEmpty();
  }

  @Test
  void namesEveryKindOfFailure() {
    assertThat(WrkResult.parse(FAULTY).problems(Work.SMALL))
        .containsExactly("12 failed reads", "3 timeouts", "7 answers not 2xx or 3xx");
  }

  @Test
  void seesAnswersThatAreTooShort() {
    assertThat(WrkResult.parse(CLEAN).problems(Work.TEN_K))
        .containsExactly("answers too short: 138 bytes each, expected at least 10240");
  }

  @Test
  void seesThatNothingWasAnswered() {
    String nothing = CLEAN.replace("10238 requests in 5.02s, 1.35MB", "0 requests in 5.02s, 0.00B");

    assertThat(WrkResult.parse(nothing).problems(Work.SMALL)).containsExactly("no answers");
  }

  @Test
  void refusesOtherOutput() {
    assertThatThrownBy(() -> WrkResult.parse("unable to connect to 127.0.0.1:1 Connection refused"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("but found: unable to connect");
  }
}
