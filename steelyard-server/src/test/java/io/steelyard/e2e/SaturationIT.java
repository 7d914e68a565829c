package io.steelyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** More clients than an endpoint can serve at a time. */
class SaturationIT {
  private static final String OK = "HTTP/1.1 200 OK\nContent-Length: 2\n\nok";
  private static final int WORKERS = 4;
  private static final int CONNECTIONS = 64;

  @TempDir private Path directory = Path.of("");
  private final Semaphore workers = new Semaphore(WORKERS);
  private final AtomicInteger inside = new AtomicInteger();

  private void serve(InputStream in, OutputStream out) throws IOException, InterruptedException {
    while (!RawServer.readHead(in).isEmpty()) {
      inside.incrementAndGet();
      workers.acquire();
      LockSupport.parkNanos(5_000_000);
      workers.release();
      inside.decrementAndGet();
      RawServer.write(out, OK);
    }
  }

  /** The limit finds how many the endpoint can work on; the others wait, and nobody is refused. */
  @Test
  void theAdaptiveLimitKeepsTheCrowdOutside() throws Exception {
    String pool = "    limits: { adaptive: {} }\n    queue: { timeout: 30s }";
    try (RawServer endpoint = RawServer.start(this::serve);
        Steelyard steelyard =
            Steelyard.run(directory, Steelyard.yaml(List.of(endpoint.address()), "", pool));
        Wrk wrk = Wrk.start(directory, steelyard.url("/"), CONNECTIONS)) {
      await()
          .atMost(Program.PATIENCE)
          .until(() -> figure(steelyard, "/pools/0/endpoints/0/in_flight_limit") > WORKERS);
      long before = figure(steelyard, "/pools/0/endpoints/0/requests");
      await()
          .atMost(Program.PATIENCE)
          .until(() -> figure(steelyard, "/pools/0/endpoints/0/requests") > before + 1000);
      assertThat(figure(steelyard, "/pools/0/endpoints/0/in_flight_limit")).isBetween(3L, 40L);
      assertThat(inside.get()).isLessThan(CONNECTIONS - 16);
      assertThat(figure(steelyard, "/pools/0/queue/waiting")).isPositive();
      wrk.finish();
      assertThat(figure(steelyard, "/pools/0/refused")).isZero();
      assertThat(figure(steelyard, "/pools/0/queue/timed_out")).isZero();
      steelyard.stop();
    }
  }

  @Test
  void whoIsRefusedIsToldWhenToComeBack() throws Exception {
    CountDownLatch done = new CountDownLatch(1);
    CountDownLatch busy = new CountDownLatch(1);
    String pool = "    limits: { in-flight: 1, retry-after: 7s }";
    try (RawServer endpoint =
            RawServer.start((in, out) -> {
              RawServer.readHead(in);
              busy.countDown();
              done.await();
              RawServer.write(out, OK);
            });
        Steelyard steelyard =
            Steelyard.run(directory, Steelyard.yaml(List.of(endpoint.address()), "", pool));
        var client = steelyard.connect()) {
      RawServer.write(client.getOutputStream(), "GET / HTTP/1.1\nHost: a\n\n");
      busy.await();
      HttpResponse<String> refused = steelyard.get("/");
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.headers().firstValue("Retry-After")).hasValue("7");
      assertThat(figure(steelyard, "/listeners/0/failures/in-flight-limit")).isEqualTo(1);
      done.countDown();
      assertThat(RawServer.readHead(client.getInputStream())).startsWith("HTTP/1.1 200 ");
      steelyard.stop();
    }
  }

  private static long figure(Steelyard steelyard, String path)
      throws IOException, InterruptedException {
    return steelyard.status().at(path).asLong();
  }
}
