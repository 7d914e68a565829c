package io.steelyard.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What clients other than wrk print. */
class TlsClientsTest {
  private static final String H2LOAD =
      """
      finished in 1.00s, 738.00 req/s, 27.20KB/s
      requests: 738 total, 866 started, 738 done, 738 succeeded, 0 failed, 0 errored, 0 timeout
      status codes: 736 2xx, 0 3xx, 0 4xx, 2 5xx
      traffic: 27.20KB (27850) total, 3.94KB (4038) headers (space savings 94.47%), 10.09KB (10332) data
                           min         max         mean         sd        +/- sd
      time for request:    25.37ms    540.56ms    164.55ms    177.87ms    82.66%
      """;
  private static final String RESUMED =
      """
      starting
      rrrr

      4 connections in 0.31s; 2677.42 connections/user sec, bytes read 628
      4 connections in 3 real seconds, 157 bytes read per connection
      """;

  @Test
  void h2loadIsUnderstood() {
    WrkResult result = H2Load.parse(H2LOAD);

    assertThat(result.requests()).isEqualTo(738);
    assertThat(result.requestsPerSecond()).isEqualTo(738);
    assertThat(result.bytesRead()).isEqualTo(10_332);
    assertThat(result.p50Micros()).isEqualTo(164_550);
    assertThat(result.p99Micros()).isEqualTo(540_560);
    assertThat(result.failures()).containsExactly("2 answers 5xx");
    assertThatThrownBy(() -> H2Load.parse("no")).hasMessageContaining("expected the output");
  }

  @Test
  void handshakesAreSummed() {
    WrkResult result = HandshakeClient.sum(List.of(RESUMED, RESUMED), Work.RESUME, 2);

    assertThat(result.requests()).isEqualTo(8);
    assertThat(result.requestsPerSecond()).isEqualTo(4);
    assertThat(result.bytesRead()).isEqualTo(8 * 157);
  }

  @Test
  void aSessionThatIsNotResumedIsAFailure() {
    String output = RESUMED.replace("rrrr", "r*rr");

    assertThatThrownBy(() -> HandshakeClient.sum(List.of(output), Work.RESUME, 2))
        .hasMessageContaining("not resumed");
    assertThat(HandshakeClient.sum(List.of(output), Work.CONNECT, 2).requests()).isEqualTo(4);
  }
}
