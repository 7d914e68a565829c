package io.steelyard.proxy.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.model.TransportKind;
import io.steelyard.proxy.kit.RawEndpoint;
import io.steelyard.proxy.kit.Setup;
import io.steelyard.proxy.kit.TestProxy;
import io.steelyard.proxy.kit.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients and endpoints that stop, close, reset and dawdle wherever their dice say. What holds
 * nevertheless: an answer that looks complete is the right one, whole; nothing is leaked or left in
 * flight; the event loops live on.
 *
 * <p>Each request names the seed of its answer and how the endpoint is to send it, so that whoever
 * gets the answer knows every byte of it.
 */
@ParameterizedClass
@EnumSource(TransportKind.class)
class ChaosTest {
  private static final int CLIENTS = 24;
  private static final int CONNECTIONS = 15;
  private static final Duration SHORT = Duration.ofMillis(500);

  /** The client has seen an end where none should be; not an error, if the answer shows it. */
  private static final class BrokenOff extends Exception {
    private static final long serialVersionUID = 1;
  }

  private final TransportKind transport;
  private final AtomicInteger complete = new AtomicInteger();
  private final AtomicInteger broken = new AtomicInteger();
  private final AtomicReference<@Nullable AssertionError> failure = new AtomicReference<>();

  ChaosTest(TransportKind transport) {
    this.transport = transport;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void whatLooksCompleteIsRight(long seed) throws Exception {
    SplittableRandom dice = new SplittableRandom(seed);
    try (RawEndpoint one = RawEndpoint.serving(server(dice.split()));
        RawEndpoint two = RawEndpoint.serving(server(dice.split()));
        TestProxy proxy =
            Setup.on(transport)
                .loops(2)
                .clientTimeouts(SHORT, SHORT, SHORT)
                .poolTimeouts(SHORT, SHORT, SHORT)
                .connections(4, Duration.ofMillis(200), Duration.ofSeconds(1))
                .start(one.address(), RawEndpoint.refusing(), two.address())) {
      List<Thread> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        SplittableRandom own = dice.split();
        clients.add(Thread.ofVirtual().start(() -> client(proxy, own)));
      }
      for (Thread client : clients) {
        client.join();
      }
      AssertionError wrong = failure.get();
      if (wrong != null) {
        throw wrong;
      }
      assertThat(complete.get()).isGreaterThan(CLIENTS * 2);
      assertThat(broken.get()).isPositive();
      proxy.awaitNothingInFlight();
      proxy.awaitNoClients();
      // and it still works
      try (Wire client = proxy.connect()) {
        client.send("GET /0 HTTP/1.1\r\nHost: a\r\n\r\n");
        readAnswer(client, 0, false);
      } catch (BrokenOff e) {
        // the dice of the endpoint again
      }
      assertThat(proxy.complaints()).isEmpty();
    }
  }

  // ---- clients ----

  private void client(TestProxy proxy, SplittableRandom dice) {
    for (int i = 0; i < CONNECTIONS; i++) {
      try (Wire wire = proxy.connect()) {
        connection(wire, dice);
      } catch (IOException | BrokenOff e) {
        broken.incrementAndGet();
      } catch (AssertionError e) {
        failure.compareAndSet(null, e);
        return;
      }
    }
  }

  private void connection(Wire wire, SplittableRandom dice) throws IOException, BrokenOff {
    int requests = dice.nextInt(1, 6);
    for (int i = 0; i < requests; i++) {
      int seed = dice.nextInt(1, 1_000_000);
      boolean old = dice.nextInt(8) == 0;
      byte[] request = request(seed, old, dice);
      int end = dice.nextInt(10) == 0 ? dice.nextInt(request.length) : request.length;
      sendInPieces(wire, request, end, dice);
      if (end < request.length) {
        leave(wire, dice);
        return;
      }
      if (dice.nextInt(15) == 0) {
        wire.read(dice.nextInt(1, 300));
        leave(wire, dice);
        return;
      }
      readAnswer(wire, seed, old);
      complete.incrementAndGet();
      if (old) {
        return;
      }
    }
  }

  private static void leave(Wire wire, SplittableRandom dice) throws IOException {
    switch (dice.nextInt(3)) {
      case 0 -> wire.reset();
      case 1 -> wire.end();
      default -> {
        wire.finish();
        wire.expectGone();
      }
    }
  }

  private static byte[] request(int seed, boolean old, SplittableRandom dice) {
    String head =
        (dice.nextBoolean() ? "PUT /" : "POST /") + seed + (old ? " HTTP/1.0" : " HTTP/1.1");
    head += "\r\nHost: a\r\nX-Pad: " + "x".repeat(dice.nextInt(200)) + "\r\n";
    int length = dice.nextInt(4) == 0 ? dice.nextInt(200_000) : dice.nextInt(100);
    String body = text(seed, length);
    return switch (dice.nextInt(old ? 2 : 3)) {
      case 0 -> ("GET /" + head.substring(head.indexOf('/') + 1) + "\r\n").getBytes(ISO_8859_1);
      case 1 -> (head + "Content-Length: " + length + "\r\n\r\n" + body).getBytes(ISO_8859_1);
      default ->
          (head + "Transfer-Encoding: chunked\r\n\r\n" + chunks(body, dice)).getBytes(ISO_8859_1);
    };
  }

  private static void sendInPieces(Wire wire, byte[] bytes, int end, SplittableRandom dice)
      throws IOException {
    int at = 0;
    while (at < end) {
      int piece = dice.nextInt(3) == 0 ? dice.nextInt(1, 50) : end;
      piece = Math.min(piece, end - at);
      wire.send(bytes, at, piece);
      at += piece;
      pause(dice);
    }
  }

  /** An answer: right and whole, or visibly broken off, or an error of the proxy. */
  private static void readAnswer(Wire wire, int seed, boolean old) throws IOException, BrokenOff {
    String head = wire.readHead();
    while (head.startsWith("HTTP/1.1 103 ")) {
      head = wire.readHead();
    }
    if (!head.endsWith("\r\n\r\n")) {
      throw new BrokenOff();
    }
    String lower = head.toLowerCase(Locale.ROOT);
    String body;
    if (lower.contains("transfer-encoding: chunked")) {
      body = readChunks(wire);
    } else if (lower.contains("content-length: ")) {
      int from = lower.indexOf("content-length: ") + "content-length: ".length();
      int length = Integer.parseInt(lower.substring(from, lower.indexOf("\r\n", from)));
      body = wire.read(length);
      if (body.length() < length) {
        throw new BrokenOff();
      }
    } else {
      body = wire.readAll(); // a reset is an IOException
    }
    if (head.startsWith("HTTP/1.1 200 ")) {
      assertThat(body.length()).as("length of %s", head).isEqualTo(length(seed));
      assertThat(body).isEqualTo(text(seed, length(seed)));
    } else {
      assertThat(head).containsPattern("^HTTP/1.1 (408|502|504) ");
      if (old || lower.contains("connection: close")) {
        throw new BrokenOff();
      }
    }
  }

  private static String readChunks(Wire wire) throws IOException, BrokenOff {
    StringBuilder body = new StringBuilder();
    while (true) {
      StringBuilder line = new StringBuilder();
      while (!line.toString().endsWith("\r\n")) {
        String next = wire.read(1);
        if (next.isEmpty()) {
          throw new BrokenOff();
        }
        line.append(next);
      }
      int size = Integer.parseInt(line.substring(0, line.length() - 2), 16);
      String data = wire.read(size + 2);
      if (data.length() < size + 2) {
        throw new BrokenOff();
      }
      assertThat(data).endsWith("\r\n");
      if (size == 0) {
        return body.toString();
      }
      body.append(data, 0, size);
    }
  }

  // ---- endpoints ----

  private static RawEndpoint.Handler server(SplittableRandom dice) {
    return wire -> {
      SplittableRandom own;
      synchronized (dice) {
        own = dice.split();
      }
      while (serveOne(wire, own)) {
        pause(own);
      }
    };
  }

  private static boolean serveOne(Wire wire, SplittableRandom dice) throws IOException, BrokenOff {
    if (dice.nextInt(25) == 0) {
      return end(wire, dice);
    }
    String head = wire.readHead();
    if (!head.endsWith("\r\n\r\n")) {
      return false;
    }
    int seed = Integer.parseInt(head.substring(head.indexOf('/') + 1, head.indexOf(" HTTP")));
    boolean early = dice.nextInt(20) == 0;
    if (!early) {
      readBody(wire, head, seed);
    }
    if (dice.nextInt(20) == 0) {
      return end(wire, dice);
    }
    boolean untilClose = dice.nextInt(6) == 0;
    byte[] answer = answer(seed, untilClose, dice);
    int end = dice.nextInt(12) == 0 ? dice.nextInt(answer.length) : answer.length;
    sendInPieces(wire, answer, end, dice);
    if (end < answer.length) {
      if (untilClose) {
        wire.reset(); // an orderly end would be a complete answer
        return false;
      }
      return end(wire, dice);
    }
    return !early && !untilClose;
  }

  /** Ends the connection, or leaves it hanging until the proxy has had enough. */
  private static boolean end(Wire wire, SplittableRandom dice) throws IOException {
    switch (dice.nextInt(3)) {
      case 0 -> wire.reset();
      case 1 -> wire.end();
      default -> wire.expectGone();
    }
    return false;
  }

  /** What the proxy passed on is what a client sent for that seed, as far as it came. */
  private static void readBody(Wire wire, String head, int seed) throws IOException, BrokenOff {
    String lower = head.toLowerCase(Locale.ROOT);
    String body = "";
    if (lower.contains("transfer-encoding: chunked")) {
      body = readChunks(wire);
    } else if (lower.contains("content-length: ")) {
      int from = lower.indexOf("content-length: ") + "content-length: ".length();
      body = wire.read(Integer.parseInt(lower.substring(from, lower.indexOf("\r\n", from))));
    }
    assertThat(body).isEqualTo(text(seed, body.length()));
  }

  private static byte[] answer(int seed, boolean untilClose, SplittableRandom dice) {
    String body = text(seed, length(seed));
    String interim = dice.nextInt(8) == 0 ? "HTTP/1.1 103 Early\r\nLink: x\r\n\r\n" : "";
    String head = interim + "HTTP/1.1 200 OK\r\nX-Pad: " + "y".repeat(dice.nextInt(200)) + "\r\n";
    String message;
    if (untilClose) {
      message = head + "\r\n" + body;
    } else if (dice.nextBoolean()) {
      message = head + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    } else {
      message = head + "Transfer-Encoding: chunked\r\n\r\n" + chunks(body, dice);
    }
    return message.getBytes(ISO_8859_1);
  }

  // ---- both ----

  private static int length(int seed) {
    return seed % 7 == 0 ? seed % 300_000 : seed % 500;
  }

  private static String text(int seed, int length) {
    char[] chars = new char[length];
    int state = seed;
    for (int i = 0; i < length; i++) {
      state = state * 1_103_515_245 + 12_345;
      chars[i] = (char) ('!' + ((state >>> 16) & 63));
    }
    return new String(chars);
  }

  private static String chunks(String body, SplittableRandom dice) {
    StringBuilder chunks = new StringBuilder();
    int at = 0;
    while (at < body.length()) {
      int size = Math.min(body.length() - at, dice.nextInt(1, 20_000));
      chunks.append(Integer.toHexString(size)).append("\r\n");
      chunks.append(body, at, at + size).append("\r\n");
      at += size;
    }
    return chunks.append("0\r\n\r\n").toString();
  }

  /** Mostly none; sometimes so long that the other side has to wait, once in a while too long. */
  private static void pause(SplittableRandom dice) {
    int kind = dice.nextInt(200);
    if (kind == 0) {
      LockSupport.parkNanos(600_000_000);
    } else if (kind < 20) {
      LockSupport.parkNanos(dice.nextInt(5_000_000));
    }
  }
}
