package io.steelyard.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.steelyard.model.AdaptiveSpec;
import io.steelyard.model.Limits;
import io.steelyard.model.QueueSpec;
import io.steelyard.model.TransportKind;
import io.steelyard.proxy.kit.RawEndpoint;
import io.steelyard.proxy.kit.Setup;
import io.steelyard.proxy.kit.TestProxy;
import io.steelyard.proxy.kit.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Real clients, a real endpoint that works on four requests at a time, and a limit that finds it.
 */
class AdaptiveTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  private static final int WORKERS = 4;
  private static final int CLIENTS = 64;
  private static final long WORK_NANOS = 5_000_000;

  private final Semaphore workers = new Semaphore(WORKERS);
  private final AtomicInteger inside = new AtomicInteger();

  private void serve(Wire wire) throws IOException, InterruptedException {
    while (!wire.readHead().isEmpty()) {
      inside.incrementAndGet();
      workers.acquire();
      LockSupport.parkNanos(WORK_NANOS);
      workers.release();
      inside.decrementAndGet();
      wire.send(OK);
    }
  }

  /**
   * Sixty-four clients ask without pause; those that the endpoint has no worker for wait outside.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void theEndpointIsBusyAndNotCrowded(int loops) throws Exception {
    AdaptiveSpec adaptive = new AdaptiveSpec(3, 1000, Duration.ofSeconds(60), 25);
    try (RawEndpoint endpoint = RawEndpoint.serving(this::serve);
        TestProxy proxy =
            Setup.on(TransportKind.EPOLL)
                .loops(loops)
                .limits(Limits.defaults().withAdaptive(adaptive))
                .queue(QueueSpec.of(1000, Duration.ofSeconds(30)))
                .start(endpoint)) {
      AtomicBoolean stop = new AtomicBoolean();
      AtomicInteger answered = new AtomicInteger();
      List<Thread> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(Thread.ofVirtual().start(() -> ask(proxy, stop, answered)));
      }
      var state = proxy.state(endpoint.address());
      assertThat(state.limit()).isPositive();
      await().atMost(Wire.PATIENCE).until(() -> state.limit() > WORKERS);
      List<Integer> crowd = new ArrayList<>();
      for (int look = 1; look <= 20; look++) {
        int from = answered.get();
        await()
            .pollInterval(Duration.ofMillis(5))
            .atMost(Wire.PATIENCE)
            .until(() -> answered.get() > from + 20);
        crowd.add(inside.get());
      }
      stop.set(true);
      for (Thread client : clients) {
        client.join();
      }
      // of 64 that want in, most wait outside; without the limit all 64 would be inside
      assertThat(crowd.stream().mapToInt(Integer::intValue).average().orElseThrow())
          .as("inside: %s, limit: %s", crowd, state.limit())
          .isBetween(1.0, 32.0);
      assertThat(proxy.pool().waited.value()).isPositive();
      assertThat(proxy.pool().refused.value()).isZero();
      assertThat(proxy.pool().waitTimeouts.value()).isZero();
    }
  }

  private static void ask(TestProxy proxy, AtomicBoolean stop, AtomicInteger answered) {
    try (Wire client = proxy.connect()) {
      while (!stop.get()) {
        client.send(GET).expect(OK);
        answered.incrementAndGet();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
