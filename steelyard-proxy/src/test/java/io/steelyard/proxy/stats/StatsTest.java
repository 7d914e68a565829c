package io.steelyard.proxy.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatsTest {
  @Test
  void whoAsksAgainGetsTheSameObject() {
    LoopStats loop = new Stats(2).loop(1);
    assertThat(loop.listener("web"))
        .isSameAs(loop.listener("web"))
        .isNotSameAs(loop.listener("api"));
    assertThat(loop.pool("site")).isSameAs(loop.pool("site")).isNotSameAs(loop.pool("api"));
    assertThat(loop.endpoint("site", "a:1"))
        .isSameAs(loop.pool("site").endpoint("a:1"))
        .isNotSameAs(loop.endpoint("api", "a:1"));
  }

  @Test
  void loopsAreSummed() {
    Stats stats = new Stats(3);
    for (int i = 0; i < 3; i++) {
      ListenerStats listener = stats.loop(i).listener("web");
      listener.requests.add(i + 1);
      listener.active.increment();
      listener.latency.record(1_000_000);
      listener.reason(Reason.NO_ROUTE);
      PoolStats pool = stats.loop(i).pool("site");
      pool.retries.increment();
      pool.endpoint("a:1").bytesSent.add(10);
      pool.endpoint("b:1").answers(502).increment();
    }
    stats.loop(2).listener("web").active.decrement();

    ListenerStats web = stats.listener("web");
    assertThat(web.requests.value()).isEqualTo(6);
    assertThat(web.active.value()).isEqualTo(2);
    assertThat(web.latency.latencies().count()).isEqualTo(3);
    assertThat(web.reasons(Reason.NO_ROUTE)).isEqualTo(3);
    PoolStats site = stats.pool("site");
    assertThat(site.retries.value()).isEqualTo(3);
    assertThat(site.noEndpoint.value()).isZero();
    assertThat(site.endpoint("a:1").bytesSent.value()).isEqualTo(30);
    assertThat(site.total().answers(AnswerClass.SERVER_ERROR).value()).isEqualTo(3);
  }

  @Test
  void sumsAreCopiesInTheOrderOfNames() {
    Stats stats = new Stats(1);
    stats.loop(0).listener("web").requests.increment();
    stats.loop(0).listener("api");
    var before = stats.listeners();
    stats.loop(0).listener("web").requests.increment();
    assertThat(before.sequencedKeySet()).containsExactly("api", "web");
    assertThat(before.values().stream().map(listener -> listener.requests.value()))
        .containsExactly(0L, 1L);
    assertThat(stats.pools()).isEmpty();
    assertThat(stats.listener("unknown").requests.value()).isZero();
    assertThat(stats.pool("unknown").endpoints()).isEmpty();
  }

  @Test
  void everyNumberHasItsOwnCell() {
    ListenerStats stats = new ListenerStats();
    Counter[] counters = {
      stats.connections,
      stats.waited,
      stats.requests,
      stats.malformed,
      stats.bytesIn,
      stats.bytesOut,
      stats.answers(100),
      stats.answers(200),
      stats.answers(300),
      stats.answers(400),
      stats.answers(500),
      stats.answers(600)
    };
    for (int i = 0; i < counters.length; i++) {
      counters[i].add(i + 1);
    }
    stats.active.add(100);
    stats.idle.add(200);
    Set<Long> seen = new HashSet<>();
    for (Counter counter : counters) {
      seen.add(counter.value());
    }
    assertThat(seen).hasSize(counters.length);
    assertThat(stats.active.value()).isEqualTo(100);
    assertThat(stats.idle.value()).isEqualTo(200);
    for (Reason reason : Reason.values()) {
      assertThat(stats.reasons(reason)).isZero();
    }
  }

  @Test
  void reasonsReadAlikeInLogAndMetrics() {
    for (Reason reason : Reason.values()) {
      assertThat(reason.text()).matches(reason == Reason.NONE ? "-" : "[a-z]+(-[a-z0-9]+)*");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "100, 1xx",
    "199, 1xx",
    "200, 2xx",
    "304, 3xx",
    "404, 4xx",
    "599, 5xx",
    "600, other",
    "99, other",
    "0, other",
    "-1, other"
  })
  void answersFallIntoClasses(int status, String expected) {
    assertThat(AnswerClass.of(status).text()).isEqualTo(expected);
  }

  @Test
  @Timeout(value = 20, unit = TimeUnit.SECONDS)
  void anotherThreadSeesWhatIsCounted() throws InterruptedException {
    Stats stats = new Stats(1);
    Counter counter = stats.loop(0).listener("web").requests;
    Thread loop =
        Thread.ofPlatform()
            .start(() -> {
              for (int i = 0; i < 1_000_000; i++) {
                counter.increment();
              }
            });
    long last = 0;
    while (last < 1_000_000) {
      long now = counter.value();
      assertThat(now).isGreaterThanOrEqualTo(last);
      last = now;
    }
    loop.join();
  }

  @Test
  void refusesMistakes() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Stats(0))
        .withMessage("loops is 0, expected at least 1");
    Cells cells = new Cells(1);
    cells.counter();
    assertThatIllegalStateException().isThrownBy(cells::gauge).withMessage("all 1 cells are taken");
  }
}
