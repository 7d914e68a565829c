package io.steelyard.server.training;

import static java.util.Objects.requireNonNull;

import io.steelyard.balance.balancer.Balancers;
import io.steelyard.model.Configuration;
import io.steelyard.model.read.ConfigReader;
import io.steelyard.model.read.ReadResult;
import io.steelyard.server.Server;
import io.steelyard.server.StartException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server under a mixed load for a few seconds. The JVM that runs it records which classes were
 * loaded and how the code behaved, so that later starts begin with that: they are faster, and the
 * hot path is compiled well from its first seconds on.
 *
 * <p>One transport only, the default: with a profile of several, epoll cost 7 to 11 % more CPU per
 * request than with its own.
 *
 * <p>Source: JEP 483, 514 (ahead-of-time cache), 515 (method profiles in it).
 */
public final class TrainingRun {
  private static final int CONNECTIONS = 24;

  /** What is asked how long; the order is that of a busy server that sees a bit of everything. */
  private enum Phase {
    ODD(Duration.ofMillis(500), "GET /close HTTP/1.1\r\nHost: a\r\n\r\n"),
    CHUNKED(Duration.ofMillis(500), "GET /chunked HTTP/1.1\r\nHost: a\r\nAccept: */*\r\n\r\n"),
    UPLOAD(
        Duration.ofMillis(700),
        "POST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 20000\r\n\r\n" + "x".repeat(20_000)),
    CHUNKED_UPLOAD(
        Duration.ofMillis(300),
        "POST /2 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"),
    LARGE(Duration.ofSeconds(2), "GET /1048576 HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n\r\n"),
    MIDDLING(Duration.ofSeconds(2), "GET /10240 HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n\r\n"),
    SMALL(Duration.ofSeconds(6), "GET /100 HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n\r\n");

    private final Duration time;
    private final String request;

    Phase(Duration time, String request) {
      this.time = time;
      this.request = request;
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(TrainingRun.class);

  private TrainingRun() {}

  public static void main(String[] args)
      throws IOException, StartException, InterruptedException, ExecutionException {
    long answers = 0;
    try (TrainingEndpoint one = new TrainingEndpoint();
        TrainingEndpoint two = new TrainingEndpoint();
        Server server = Server.start(configuration(one.port(), two.port()), Balancers.standard())) {
      int port = requireNonNull(server.addresses().get("web")).getPort();
      for (Phase phase : Phase.values()) {
        answers += load(port, phase);
      }
      scrape(server.adminAddress());
    }
    LOG.info("trained with {} requests", answers);
  }

  private static Configuration configuration(int... ports) {
    StringBuilder yaml =
        new StringBuilder(
            """
            admin: { address: 127.0.0.1:0 }
            event-loops: 1
            listeners:
              web: { address: 127.0.0.1:0, pool: site }
            pools:
              site:
                endpoints:
            """);
    for (int port : ports) {
      yaml.append("      - 127.0.0.1:").append(port).append('\n');
    }
    ReadResult result = new ConfigReader().readString("training", yaml.toString());
    return requireNonNull(result.configuration(), () -> String.join("\n", result.lines()));
  }

  private static long load(int port, Phase phase) throws InterruptedException, ExecutionException {
    long end = System.nanoTime() + phase.time.toNanos();
    long answers = 0;
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Long>> counts = new ArrayList<>();
      for (int i = 0; i < CONNECTIONS; i++) {
        counts.add(clients.submit(() -> client(port, phase, end)));
      }
      for (Future<Long> count : counts) {
        answers += count.get();
      }
    }
    return answers;
  }

  private static long client(int port, Phase phase, long end) throws IOException {
    long answers = 0;
    while (System.nanoTime() < end) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        socket.setTcpNoDelay(true);
        answers += exchanges(socket, phase, end);
      }
    }
    return answers;
  }

  private static long exchanges(Socket socket, Phase phase, long end) throws IOException {
    Message answer = new Message(socket.getInputStream());
    OutputStream out = socket.getOutputStream();
    byte[] request = Message.bytes(phase.request);
    long answers = 0;
    while (System.nanoTime() < end) {
      out.write(request);
      String head = answer.head();
      if (head == null && answers > 0) {
        return answers; // it closed after an answer, as it may
      }
      if (head == null || !head.startsWith("HTTP/1.1 200 ")) {
        throw new IOException(phase + " was answered " + head);
      }
      answer.body(head);
      answers++;
    }
    return answers;
  }

  /** What an operator's tools do now and then. */
  private static void scrape(InetSocketAddress admin) {
    for (String path : List.of("/metrics", "/v1/status", "/livez", "/")) {
      try (Socket socket = new Socket(admin.getAddress(), admin.getPort())) {
        socket
            .getOutputStream()
            .write(
                Message.bytes("GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
        socket.getInputStream().transferTo(OutputStream.nullOutputStream());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
