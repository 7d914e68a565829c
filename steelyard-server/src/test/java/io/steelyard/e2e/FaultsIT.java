package io.steelyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * One of three endpoints fails under a constant load, an open loop: requests come whatever becomes
 * of those before. docs/reliability.md has the figures, {@code ./bench --faults} those of others.
 */
class FaultsIT {
  private static final int PER_SECOND = 100;
  private static final Duration INTERVAL = Duration.ofMillis(200);
  private static final int FALL = 2;

  /** Two probes, the last until its timeout; and a machine that has other things to do, too. */
  private static final Duration EJECTION = INTERVAL.multipliedBy(FALL + 1).plusSeconds(5);

  private static final String POOL =
      """
          retries: { attempts: 2, on: [connect, reset, timeout, invalid, 500-599] }
          timeouts: { connect: 200ms, response: 300ms }
          health: { http: { path: /name }, interval: 200ms, timeout: 200ms, rise: 2, fall: 2 }
          passive-health: { consecutive-errors: 5 }
      """;

  @TempDir private Path directory = Path.of("");

  /** Requests at fixed times; how they ended. */
  private static final class Load implements AutoCloseable {
    private final HttpClient client = HttpClient.newHttpClient();
    private final List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    private final URI uri;
    private final Thread thread;
    private volatile boolean stopped;

    Load(Steelyard steelyard) {
      uri = URI.create(steelyard.url("/name"));
      thread = Thread.ofPlatform().start(this::send);
    }

    private void send() {
      HttpRequest request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10)).build();
      long due = System.nanoTime();
      while (!stopped) {
        synchronized (answers) {
          answers.add(client.sendAsync(request, BodyHandlers.ofString()));
        }
        due += 1_000_000_000 / PER_SECOND;
        for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
          LockSupport.parkNanos(wait);
        }
      }
    }

    int sent() {
      synchronized (answers) {
        return answers.size();
      }
    }

    void awaitMore(int count) {
      int before = sent();
      await().atMost(Program.PATIENCE).until(() -> sent() >= before + count);
    }

    /** Ends it; how many failed, by any status but 200 or none at all. */
    long failed() throws InterruptedException {
      stopped = true;
      thread.join();
      return answers.stream()
          .filter(answer ->
              answer.handle((response, e) -> e != null || response.statusCode() != 200).join())
          .count();
    }

    @Override
    public void close() {
      stopped = true;
      client.close();
    }
  }

  private static String health(Steelyard steelyard, int index)
      throws IOException, InterruptedException {
    return endpoint(steelyard, index).at("/health/health").asString();
  }

  private static JsonNode endpoint(Steelyard steelyard, int index)
      throws IOException, InterruptedException {
    return steelyard.status().at("/pools/0/endpoints/" + index);
  }

  private Steelyard run(InetSocketAddress first, Nginx b, Nginx c) {
    return Steelyard.run(
        directory, Steelyard.yaml(List.of(first, b.address(), c.address()), "", POOL));
  }

  /** Under load it fails, is taken out in time, and nothing new goes there. */
  private static void assertEjected(Steelyard steelyard, Load load)
      throws IOException, InterruptedException {
    await()
        .atMost(EJECTION)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> health(steelyard, 0).equals("DOWN"));
    load.awaitMore(PER_SECOND / 2); // what was on its way when it was taken out
    long before = endpoint(steelyard, 0).at("/requests").asLong();
    load.awaitMore(PER_SECOND);
    assertThat(endpoint(steelyard, 0).at("/requests").asLong()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"KILL", "STOP"})
  void aKilledOrHungEndpointFailsNoRequest(String signal) throws Exception {
    try (Nginx a = Nginx.start(directory, "a");
        Nginx b = Nginx.start(directory, "b");
        Nginx c = Nginx.start(directory, "c");
        Steelyard steelyard = run(a.address(), b, c);
        Load load = new Load(steelyard)) {
      load.awaitMore(PER_SECOND);
      a.signal(signal);
      assertEjected(steelyard, load);
      assertThat(load.failed()).isZero();
      steelyard.stop();
    }
  }

  private static final String WELL = "HTTP/1.1 200 OK\nContent-Length: 5\n\nmoody";

  /** Answers as the test wants, probes and requests alike; {@code reset} breaks off and resets. */
  private static RawServer moody(AtomicReference<String> answer) throws IOException {
    return RawServer.start((in, out) -> {
      while (!RawServer.readHead(in).isEmpty()) {
        RawServer.write(out, answer.get());
        if (!answer.get().equals(WELL) && !answer.get().startsWith("HTTP/1.1 500")) {
          return;
        }
      }
    });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 500 Oh\nContent-Length: 0\n\n",
        "\u0001\u0002 nothing that anybody knows\n\n",
        ""
      })
  void errorsGarbageAndClosedConnectionsFailNoRequest(String fault) throws Exception {
    AtomicReference<String> answer = new AtomicReference<>(WELL);
    try (RawServer a = moody(answer);
        Nginx b = Nginx.start(directory, "b");
        Nginx c = Nginx.start(directory, "c");
        Steelyard steelyard = run(a.address(), b, c);
        Load load = new Load(steelyard)) {
      load.awaitMore(PER_SECOND);
      answer.set(fault);
      assertEjected(steelyard, load);
      assertThat(load.failed()).isZero();
      steelyard.stop();
    }
  }

  /** Once bytes of an answer have gone to the client nothing can be repeated: few, not none. */
  @Test
  void anEndpointThatBreaksOffItsAnswersIsTakenOut() throws Exception {
    AtomicReference<String> answer = new AtomicReference<>(WELL);
    try (RawServer a = moody(answer);
        Nginx b = Nginx.start(directory, "b");
        Nginx c = Nginx.start(directory, "c");
        Steelyard steelyard = run(a.address(), b, c);
        Load load = new Load(steelyard)) {
      load.awaitMore(PER_SECOND);
      answer.set("HTTP/1.1 200 OK\nContent-Length: 500\n\nmoo");
      assertEjected(steelyard, load);
      // The fifth error in a row is told to another thread; a few may come before it has acted.
      assertThat(load.failed()).isBetween(1L, 15L);
      steelyard.stop();
    }
  }

  /** It is slow, not broken: nobody fails, and the others are not slowed down. */
  @Test
  void aSlowEndpointFailsNoRequest() throws Exception {
    AtomicReference<Duration> pause = new AtomicReference<>(Duration.ZERO);
    try (RawServer a =
            RawServer.start((InputStream in, OutputStream out) -> {
              while (!RawServer.readHead(in).isEmpty()) {
                LockSupport.parkNanos(pause.get().toNanos());
                RawServer.write(out, WELL);
              }
            });
        Nginx b = Nginx.start(directory, "b");
        Nginx c = Nginx.start(directory, "c");
        Steelyard steelyard = run(a.address(), b, c);
        Load load = new Load(steelyard)) {
      load.awaitMore(PER_SECOND);
      pause.set(Duration.ofMillis(150));
      load.awaitMore(3 * PER_SECOND);
      assertThat(load.failed()).isZero();
      steelyard.stop();
    }
  }

  /** Nobody accepts any more, and further connections are not even answered. */
  @Test
  void aFullQueueFailsNoRequest() throws Exception {
    List<Socket> fillers = new ArrayList<>();
    try (FullServer a = new FullServer();
        Nginx b = Nginx.start(directory, "b");
        Nginx c = Nginx.start(directory, "c");
        Steelyard steelyard = run(a.address(), b, c);
        Load load = new Load(steelyard)) {
      load.awaitMore(PER_SECOND);
      a.stopAccepting(fillers);
      assertEjected(steelyard, load);
      assertThat(load.failed()).isZero();
      steelyard.stop();
    } finally {
      for (Socket filler : fillers) {
        filler.close();
      }
    }
  }
}
