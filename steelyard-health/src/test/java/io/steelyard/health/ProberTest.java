package io.steelyard.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.steelyard.balance.health.Layer;
import io.steelyard.balance.health.ProbeResult;
import io.steelyard.health.probe.Probe;
import io.steelyard.health.probe.ProbeTarget;
import io.steelyard.model.Address;
import io.steelyard.model.IcmpProbeSpec;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ProberTest {
  private static final ProbeResult PASSED = ProbeResult.passed(Layer.L4, "", 1);
  private static final long MS = 1_000_000;

  /** Notes results, and wants the next one after this time. */
  private static final class Noting implements Subscriber {
    private final List<Long> times = new CopyOnWriteArrayList<>();
    private final List<ProbeResult> results = new CopyOnWriteArrayList<>();
    private volatile long interval;

    Noting(long interval) {
      this.interval = interval;
    }

    @Override
    public void probed(ProbeResult result) {
      times.add(System.nanoTime());
      results.add(result);
    }

    @Override
    public long intervalNanos() {
      return interval;
    }

    void awaitTimes(int count) {
      await().atMost(Duration.ofSeconds(30)).until(() -> times.size() >= count);
    }
  }

  private static Prober.Key key(int port) {
    return new Prober.Key(
        new IcmpProbeSpec(0), ProbeTarget.of(new Address("h", port)), Duration.ofSeconds(1));
  }

  private static Prober prober(Probe probe) {
    return new Prober(new SplittableRandom(1), spec -> probe);
  }

  @Test
  void probesAgainAndAgain() {
    var subscriber = new Noting(5 * MS);
    try (var prober = prober((target, timeout) -> PASSED)) {
      prober.probe(key(1), subscriber);
      subscriber.awaitTimes(10);
    }
    long took = subscriber.times.get(9) - subscriber.times.get(1);
    assertThat(took).isGreaterThan(8 * 4 * MS);
  }

  @Test
  void whatIsTheSameIsProbedOnceForAll() {
    var runs = new AtomicInteger();
    var slow = new Noting(3_600_000 * MS);
    var fast = new Noting(5 * MS);
    try (var prober =
        prober((target, timeout) -> {
          runs.incrementAndGet();
          return PASSED;
        })) {
      prober.probe(key(1), slow);
      slow.awaitTimes(1);
      prober.probe(key(1), fast);
      assertThat(prober.probes()).isEqualTo(1);
      fast.awaitTimes(10);
      slow.awaitTimes(10);
      assertThat(runs.get()).isLessThanOrEqualTo(slow.times.size() + 1);

      prober.stop(key(1), fast);
      assertThat(prober.probes()).isEqualTo(1);
      prober.stop(key(1), slow);
      assertThat(prober.probes()).isZero();
    }
  }

  @Test
  void nothingElseWaitsForAProbeThatHangs() throws InterruptedException {
    var release = new CountDownLatch(1);
    var hanging = new Noting(MS);
    var other = new Noting(MS);
    try (var prober =
        prober((target, timeout) -> {
          if (target.address().port() == 1) {
            release.await();
          }
          return PASSED;
        })) {
      prober.probe(key(1), hanging);
      prober.probe(key(2), other);
      other.awaitTimes(20);
      assertThat(hanging.times).isEmpty();
      release.countDown();
      hanging.awaitTimes(2);
    }
  }

  @Test
  void aMistakeInAProbeIsAFailureAndGoesOn() {
    var subscriber = new Noting(MS);
    try (var prober =
        prober((target, timeout) -> {
          throw new IllegalStateException("oh");
        })) {
      prober.probe(key(1), subscriber);
      subscriber.awaitTimes(3);
    }
    assertThat(subscriber.results)
        .allSatisfy(result -> assertThat(result.passed()).isFalse())
        .allSatisfy(
            result -> assertThat(result.detail()).contains("failed by itself").contains("oh"));
  }

  @Test
  void closingInterruptsWhatIsUnderWay() throws InterruptedException {
    var started = new CountDownLatch(1);
    var interrupted = new CountDownLatch(1);
    var prober =
        prober((target, timeout) -> {
          started.countDown();
          try {
            new CountDownLatch(1).await();
          } finally {
            interrupted.countDown();
          }
          return PASSED;
        });
    prober.probe(key(1), new Noting(MS));
    started.await();
    prober.close();
    interrupted.await();
  }

  /** The first ones one after the other at once, the second ones spread over the interval. */
  @Test
  void spreadsProbesOverTheInterval() {
    int count = 400;
    long interval = 800 * MS;
    var all = IntStream.range(0, count).mapToObj(i -> new Noting(interval)).toList();
    long start;
    try (var prober = prober((target, timeout) -> PASSED)) {
      start = System.nanoTime();
      for (int i = 0; i < count; i++) {
        prober.probe(key(i + 1), all.get(i));
      }
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> all.stream().allMatch(subscriber -> subscriber.times.size() >= 2));
    }
    // A tenth of the interval has a tenth of the second probes; twice that on a busy machine.
    var tenths = new int[30];
    for (var subscriber : all) {
      tenths[(int) Math.min(29, (subscriber.times.get(1) - start) / (interval / 10))]++;
    }
    for (int tenth : tenths) {
      assertThat(tenth).isLessThan(count / 3);
    }
    assertThat(all).allSatisfy(s -> assertThat(s.times.getFirst() - start).isLessThan(interval));
  }
}
