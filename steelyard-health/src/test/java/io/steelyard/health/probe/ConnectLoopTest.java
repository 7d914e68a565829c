package io.steelyard.health.probe;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.balance.health.Layer;
import io.steelyard.balance.health.ProbeResult;
import io.steelyard.model.Address;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConnectLoopTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final ConnectLoop loop = requireNonNull(ConnectLoop.open(), "this is Linux");
  private final BlockingQueue<ProbeResult> results = new ArrayBlockingQueue<>(10_000);

  @AfterEach
  void close() {
    loop.close();
  }

  private static ServerSocket listen(String host, int backlog) throws IOException {
    var server = new ServerSocket();
    server.bind(new InetSocketAddress(InetAddress.ofLiteral(host), 0), backlog);
    return server;
  }

  private static ProbeTarget target(ServerSocket server) {
    return ProbeTarget.of(
        new Address(server.getInetAddress().getHostAddress(), server.getLocalPort()));
  }

  private void connect(ProbeTarget target, Duration timeout) {
    var known = loop.connect(target, timeout, results::add);
    if (known != null) {
      results.add(known);
    }
  }

  private ProbeResult probe(ProbeTarget target, Duration timeout) throws InterruptedException {
    connect(target, timeout);
    return result();
  }

  private ProbeResult result() throws InterruptedException {
    return requireNonNull(results.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS), "no result");
  }

  @Test
  void connects() throws Exception {
    for (var host : List.of("127.0.0.1", "::1")) {
      try (var server = listen(host, 10)) {
        var result = probe(target(server), PATIENCE);
        assertThat(result.passed()).as(result.detail()).isTrue();
        assertThat(result.layer()).isEqualTo(Layer.L4);
        assertThat(result.detail()).isEqualTo("connected");
        assertThat(result.nanos()).isPositive();
      }
    }
  }

  @Test
  void refused() throws Exception {
    ProbeTarget nobody;
    try (var server = listen("127.0.0.1", 1)) {
      nobody = target(server);
    }
    var result = probe(nobody, PATIENCE);
    assertThat(result.passed()).isFalse();
    assertThat(result.layer()).isEqualTo(Layer.L4);
    assertThat(result.detail()).isEqualTo("connection refused");
  }

  /** The queue is full, and further attempts are not answered at all. */
  @Test
  void notAcceptedInTime() throws Exception {
    List<Socket> fillers = new ArrayList<>();
    try (var server = listen("127.0.0.1", 1)) {
      for (int i = 0; i < 3; i++) {
        var filler = new Socket();
        fillers.add(filler);
        try {
          filler.connect(server.getLocalSocketAddress(), 50);
        } catch (IOException e) {
          break; // full
        }
      }
      var result = probe(target(server), Duration.ofMillis(100));
      assertThat(result.passed()).isFalse();
      assertThat(result.detail()).isEqualTo("no connection within 100 ms");
      assertThat(result.nanos()).isBetween(100_000_000L, PATIENCE.toNanos());
    } finally {
      for (var filler : fillers) {
        filler.close();
      }
    }
  }

  @Test
  void manyAtOnce() throws Exception {
    try (var server = listen("127.0.0.1", 1000)) {
      Thread.ofVirtual()
          .start(() -> {
            try {
              while (true) {
                server.accept().close();
              }
            } catch (IOException e) {
              // closed
            }
          });
      int count = 5_000;
      for (int i = 0; i < count; i++) {
        connect(target(server), PATIENCE);
      }
      for (int i = 0; i < count; i++) {
        var result = result();
        assertThat(result.passed()).as(result.detail()).isTrue();
      }
    }
  }
}
