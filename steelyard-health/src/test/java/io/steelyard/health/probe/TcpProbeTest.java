package io.steelyard.health.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.model.Address;
import io.steelyard.model.TcpProbeSpec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TcpProbeTest {
  private static final TcpProbeSpec CONNECT = new TcpProbeSpec(null, null, null, null, null);

  private static TcpProbeSpec expecting(@Nullable String send, @Nullable String regex) {
    return new TcpProbeSpec(send, null, null, regex, null);
  }

  @Test
  void connects() throws Exception {
    try (var server = Server.mute()) {
      assertThat(Run.once(CONNECT, server.target())).isEqualTo("passed L4 connected");
    }
  }

  @Test
  void isRefused() throws Exception {
    assertThat(Run.once(CONNECT, Server.nobody())).isEqualTo("failed L4 connection refused");
  }

  @Test
  void doesNotKnowTheName() throws Exception {
    var target = ProbeTarget.of(new Address("no-such-host.invalid", 1));
    assertThat(Run.once(CONNECT, target))
        .isEqualTo("failed L3 the name no-such-host.invalid is not known");
  }

  /** Nobody accepts: when the queue is full, the kernel ignores further connections. */
  @Test
  void waitsNoLongerThanItsTimeoutForAFullAcceptQueue() throws Exception {
    var waiting = new ArrayList<Socket>();
    try (var server = new ServerSocket()) {
      server.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 1);
      for (int i = 0; i < 2; i++) {
        waiting.add(new Socket(server.getInetAddress(), server.getLocalPort()));
      }
      var target = ProbeTarget.of(new Address("127.0.0.1", server.getLocalPort()));
      assertThat(Run.quickly(CONNECT, target)).isEqualTo("failed L4 no connection within 150 ms");
    } finally {
      for (var socket : waiting) {
        socket.close();
      }
    }
  }

  @Test
  void comesFromItsSourceAddress() throws Exception {
    var seen = new ArrayBlockingQueue<String>(1);
    try (var server = new ServerSocket()) {
      server.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
      Thread.startVirtualThread(() -> {
        try (var connection = server.accept()) {
          seen.add(connection.getInetAddress().getHostAddress());
        } catch (IOException e) {
          seen.add(e.toString());
        }
      });
      var target = new ProbeTarget(new Address("127.0.0.1", server.getLocalPort()), "127.0.0.77");
      assertThat(Run.once(CONNECT, target)).startsWith("passed");
      assertThat(seen.poll(20, TimeUnit.SECONDS)).isEqualTo("127.0.0.77");
    }
  }

  @Test
  void cannotComeFromSomebodyElsesAddress() throws Exception {
    var target = new ProbeTarget(Server.nobody().address(), "192.0.2.1");
    assertThat(Run.once(CONNECT, target)).startsWith("failed L3 cannot come from 192.0.2.1: ");
  }

  @Test
  void sendsAndExpects() throws Exception {
    try (var server =
        Server.start((in, out) -> {
          byte[] question = in.readNBytes(6);
          for (byte b : "you said ".getBytes(java.nio.charset.StandardCharsets.US_ASCII)) {
            out.write(b); // byte by byte
            out.flush();
          }
          out.write(question);
          in.readAllBytes();
        })) {
      var spec = new TcpProbeSpec("hello\n", null, "said hello", "^you .*o", null);
      assertThat(Run.once(spec, server.target()))
          .isEqualTo("passed content found 'said hello' and a match of '^you .*o'");
      var hex = new TcpProbeSpec(null, "68 656c6c6f 0a", "hello", null, null);
      assertThat(Run.once(hex, server.target())).isEqualTo("passed content found 'hello'");
    }
  }

  @Test
  void saysWhatItFoundInstead() throws Exception {
    try (var server =
        Server.start((in, out) ->
            out.write("bad\r\n\u0001".getBytes(java.nio.charset.StandardCharsets.US_ASCII)))) {
      assertThat(Run.once(expecting(null, "good"), server.target()))
          .isEqualTo("failed content found 'bad...', expected a match of 'good'");
    }
    try (var server = Server.saying("half an ans")) {
      assertThat(Run.quickly(expecting(null, "answer"), server.target()))
          .isEqualTo("failed L7 no answer within 150 ms, only 'half an ans'");
    }
  }

  @Test
  void looksAtNoMoreThanItsLimit() throws Exception {
    try (var server =
        Server.start((in, out) -> {
          while (true) {
            out.write(new byte[8192]);
          }
        })) {
      assertThat(Run.once(expecting(null, "x"), server.target()))
          .startsWith("failed content found");
    }
  }

  @Test
  void readsBytesThatAreNoText() throws Exception {
    try (var server = Server.saying("\u00ff\u00fe\u0001")) {
      assertThat(Run.once(expecting(null, "^\\xff\\xfe\\x01$"), server.target()))
          .startsWith("passed content");
    }
  }

  @Test
  void endsWhenItIsInterrupted() throws Exception {
    try (var server = Server.mute()) {
      var result = new ArrayBlockingQueue<String>(1);
      var thread =
          Thread.startVirtualThread(() -> {
            try {
              result.add(Run.once(expecting(null, "x"), server.target()));
            } catch (InterruptedException e) {
              result.add("interrupted");
            }
          });
      while (thread.getState() != Thread.State.WAITING
          && thread.getState() != Thread.State.TIMED_WAITING) {
        Thread.onSpinWait();
      }
      thread.interrupt();
      assertThat(result.poll(20, TimeUnit.SECONDS)).isEqualTo("interrupted");
    }
  }
}
