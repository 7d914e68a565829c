package io.steelyard.server.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** One client that sends a few requests per second, one after the other. */
public final class SampleLoad implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Map<String, Long> answers = new TreeMap<>();
  private final HttpRequest request;
  private final long periodNanos;
  private final Thread thread;
  private long failures;

  private SampleLoad(URI target, int perSecond) {
    this.request =
        HttpRequest.newBuilder(target)
            .timeout(PATIENCE)
            .header("User-Agent", "steelyard-demo")
            .build();
    this.periodNanos = TimeUnit.SECONDS.toNanos(1) / perSecond;
    this.thread = Thread.ofVirtual().name("steelyard-demo-load").unstarted(this::run);
  }

  /** Starts to send {@code perSecond} requests, at least 1. */
  public static SampleLoad start(URI target, int perSecond) {
    SampleLoad load = new SampleLoad(target, perSecond);
    load.thread.start();
    return load;
  }

  private void run() {
    try {
      do {
        send();
      } while (!stop.await(periodNanos, TimeUnit.NANOSECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // told to stop while a request was under way
    }
  }

  private void send() throws InterruptedException {
    try {
      HttpResponse<Void> answer = client.send(request, BodyHandlers.discarding());
      String endpoint = answer.headers().firstValue(SampleEndpoint.NAME_FIELD).orElse("");
      count(answer.statusCode() == 200, endpoint);
    } catch (IOException e) {
      count(false, "");
    }
  }

  private synchronized void count(boolean answered, String endpoint) {
    if (answered) {
      answers.merge(endpoint, 1L, Long::sum);
    } else {
      failures++;
    }
  }

  /** What came of it so far, in one line. */
  public synchronized String summary() {
    long total = answers.values().stream().mapToLong(Long::longValue).sum();
    StringBuilder line = new StringBuilder().append(total).append(" requests answered");
    answers.forEach(
        (endpoint, count) -> line.append(", ").append(count).append(" by ").append(endpoint));
    return line.append("; ").append(failures).append(" failed").toString();
  }

  /** Stops; a request under way is given up. */
  @Override
  public void close() {
    stop.countDown();
    thread.interrupt();
    client.shutdownNow();
  }
}
