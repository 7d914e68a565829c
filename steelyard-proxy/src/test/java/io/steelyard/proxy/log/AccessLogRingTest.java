package io.steelyard.proxy.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.sun.management.ThreadMXBean;
import io.steelyard.proxy.log.AccessRecord.Text;
import java.lang.management.ManagementFactory;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class AccessLogRingTest {
  @Test
  void whatIsOfferedComesOut() {
    AccessLogRing ring = new AccessLogRing(4096);
    AccessRecord record = Records.sample();
    record.connectNanos = 5;
    record.reason = io.steelyard.proxy.stats.Reason.ENDPOINT_RESET;
    assertThat(ring.offer(record)).isTrue();
    int bytes =
        ring.drain(request -> {
          assertThat(request.startEpochMicros()).isEqualTo(record.startEpochMicros);
          assertThat(request.clientPort()).isEqualTo(51_234);
          assertThat(request.minorVersion()).isEqualTo(1);
          assertThat(request.status()).isEqualTo(200);
          assertThat(request.bytesIn()).isEqualTo(78);
          assertThat(request.bytesOut()).isEqualTo(712);
          assertThat(request.answerHeadBytes()).isEqualTo(200);
          assertThat(request.totalNanos()).isEqualTo(1_234_567);
          assertThat(request.connectNanos()).isEqualTo(5);
          assertThat(request.firstByteNanos()).isEqualTo(1_000_999);
          assertThat(request.attempts()).isEqualTo(1);
          assertThat(request.reason()).isEqualTo(record.reason);
          assertThat(Records.text(request, Text.METHOD.index())).isEqualTo("GET");
          assertThat(Records.text(request, Text.TARGET.index())).isEqualTo("/a?b=1");
          assertThat(Records.text(request, Text.USER_AGENT.index())).isEqualTo("curl/8.9");
          assertThat(request.length(Text.REFERER.index())).isNegative();
          assertThat(Records.text(request, RecordLayout.LISTENER)).isEqualTo("web");
          assertThat(Records.text(request, RecordLayout.CLIENT)).isEqualTo("10.0.0.9");
          assertThat(Records.text(request, RecordLayout.POOL)).isEqualTo("site");
          assertThat(Records.text(request, RecordLayout.ENDPOINT)).isEqualTo("10.0.1.1:8080");
        });
    assertThat(bytes).isPositive();
    assertThat(ring.drain(request -> assertThat(request).isNull())).isZero();
  }

  @Test
  void namesBeyondAsciiAreUtf8() {
    AccessLogRing ring = new AccessLogRing(4096);
    AccessRecord record = new AccessRecord();
    record.listener = "wäge-秤";
    ring.offer(record);
    ring.drain(request -> {
      assertThat(Records.text(request, RecordLayout.LISTENER)).isEqualTo("wäge-秤");
      assertThat(request.length(RecordLayout.POOL)).isNegative();
    });
  }

  @Test
  void aRecordWithoutRoomIsDroppedAndCounted() {
    AccessLogRing ring = new AccessLogRing(1024);
    int accepted = 0;
    while (ring.offer(Records.sample())) {
      accepted++;
    }
    assertThat(ring.offer(Records.sample())).isFalse();
    assertThat(ring.dropped()).isEqualTo(2);
    AtomicLong drained = new AtomicLong();
    ring.drain(request -> drained.incrementAndGet());
    assertThat(drained).hasValue(accepted).hasPositiveValue();
    assertThat(ring.offer(Records.sample())).isTrue();
    assertThat(ring.dropped()).isEqualTo(2);
  }

  @Test
  void aRecordLargerThanTheRingIsDropped() {
    AccessLogRing ring = new AccessLogRing(128);
    AccessRecord record = new AccessRecord();
    Records.text(record, Text.TARGET, "/".repeat(200));
    assertThat(ring.offer(record)).isFalse();
    assertThat(ring.dropped()).isEqualTo(1);
  }

  @Test
  void recordsWrapAroundTheEnd() {
    for (int seed = 0; seed < 64; seed++) {
      Random random = new Random(seed);
      AccessLogRing ring = new AccessLogRing(2048);
      Deque<String> expected = new ArrayDeque<>();
      for (int i = 0; i < 500; i++) {
        AccessRecord record = new AccessRecord();
        String target = i + "/".repeat(random.nextInt(300));
        Records.text(record, Text.TARGET, target);
        if (ring.offer(record)) {
          expected.add(target);
        }
        if (random.nextInt(4) == 0) {
          ring.drain(
              r -> assertThat(Records.text(r, Text.TARGET.index())).isEqualTo(expected.remove()));
          assertThat(expected).isEmpty();
        }
      }
    }
  }

  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void producerAndConsumerRunAtOnce() throws InterruptedException {
    int records = 300_000;
    AccessLogRing ring = new AccessLogRing(8192);
    Thread producer = Thread.ofPlatform().start(() -> produce(ring, records));
    Checker checker = new Checker();
    while (producer.isAlive()) {
      ring.drain(checker::accept);
    }
    producer.join();
    ring.drain(checker::accept);
    assertThat(checker.count).isPositive();
    assertThat(checker.count + ring.dropped()).isEqualTo(records);
  }

  /** Every record tells by its number how all of it must look. */
  private static void produce(AccessLogRing ring, int records) {
    String[] targets = new String[200];
    for (int i = 0; i < targets.length; i++) {
      targets[i] = String.valueOf((char) ('a' + i % 26)).repeat(i);
    }
    AccessRecord record = new AccessRecord();
    for (int i = 0; i < records; i++) {
      record.clear();
      record.startEpochMicros = i;
      record.bytesOut = -i;
      record.pool = targets[i % 7];
      Records.text(record, Text.TARGET, targets[i % 200]);
      ring.offer(record);
    }
  }

  private static final class Checker {
    long last = -1;
    long count;

    void accept(LoggedRequest request) {
      long i = request.startEpochMicros();
      assertThat(i).isGreaterThan(last);
      last = i;
      count++;
      assertThat(request.bytesOut()).isEqualTo(-i);
      assertThat(request.length(RecordLayout.POOL)).isEqualTo((int) (i % 7));
      int length = request.length(Text.TARGET.index());
      assertThat(length).isEqualTo((int) (i % 200));
      for (int at = 0; at < length; at++) {
        if (request.bytes()[request.start(Text.TARGET.index()) + at] != 'a' + length % 26) {
          throw new AssertionError("record " + i + " is damaged at " + at);
        }
      }
    }
  }

  @Test
  void aConsumerThatThrowsDoesNotSeeTheRecordAgain() {
    AccessLogRing ring = new AccessLogRing(1024);
    ring.offer(Records.sample());
    try {
      ring.drain(request -> {
        throw new IllegalStateException("test");
      });
    } catch (IllegalStateException expected) {
      assertThat(expected).hasMessage("test");
    }
    assertThat(ring.drain(request -> {})).isZero();
  }

  @Test
  void offeringDoesNotAllocate() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    AccessLogRing ring = new AccessLogRing(AccessLogRing.CAPACITY);
    AccessRecord record = Records.sample();
    AccessLogRing.Consumer nobody = request -> {};
    offer(ring, record, nobody);
    long before = threads.getCurrentThreadAllocatedBytes();
    offer(ring, record, nobody);
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(10_000);
  }

  private static void offer(
      AccessLogRing ring, AccessRecord record, AccessLogRing.Consumer nobody) {
    for (int i = 0; i < 20_000; i++) {
      ring.offer(record);
      ring.drain(nobody);
    }
  }

  @Test
  void theCapacityIsAPowerOfTwo() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new AccessLogRing(1000))
        .withMessage("capacity is 1000, expected a power of two that holds a record");
  }
}
