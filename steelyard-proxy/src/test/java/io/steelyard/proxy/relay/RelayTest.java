package io.steelyard.proxy.relay;

import static io.steelyard.proxy.relay.RelayWorld.IDLE_NANOS;
import static io.steelyard.proxy.relay.RelayWorld.PATIENCE_MILLIS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.uring.IoUring;
import io.steelyard.model.TransportKind;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RelayTest {
  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** More than fits in all buffers between the two ends. */
  private static final int MUCH = 16 * 1024 * 1024;

  /** What may lie between the two ends: buffers of four sockets, a full output, one more read. */
  private static final long BOUND = 8 * 1024 * 1024;

  static Stream<TransportKind> transports() {
    return Arrays.stream(TransportKind.values())
        .filter(kind ->
            switch (kind) {
              case EPOLL -> Epoll.isAvailable();
              case IO_URING -> IoUring.isAvailable() && IoUring.isRegisterBufferRingSupported();
              case NIO -> true;
            });
  }

  @ParameterizedTest
  @MethodSource("transports")
  void passesBytesBothWaysAtOnce(TransportKind kind) throws Exception {
    byte[] up = bytes(3_000_000, 1);
    byte[] down = bytes(4_000_000, 2);
    try (RelayWorld world = new RelayWorld(kind)) {
      CompletableFuture<Boolean> sentUp = send(world.client, up);
      CompletableFuture<Boolean> sentDown = send(world.endpoint, down);
      CompletableFuture<byte[]> gotUp = receive(world.endpoint, up.length);

      assertThat(receive(world.client, down.length).get(60, TimeUnit.SECONDS)).isEqualTo(down);
      assertThat(gotUp.get(60, TimeUnit.SECONDS)).isEqualTo(up);
      assertThat(sentUp.join() && sentDown.join()).isTrue();
      assertThat(world.fromClient()).isEqualTo(up.length);
      assertThat(world.fromEndpoint()).isEqualTo(down.length);
      assertThat(world.endings).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void theClientMayEndItsSendingFirst(TransportKind kind) throws Exception {
    try (RelayWorld world = new RelayWorld(kind)) {
      endsOneWayThenTheOther(world, world.client, world.endpoint);
      assertThat(world.fromClient()).isEqualTo(100);
      assertThat(world.fromEndpoint()).isEqualTo(1_000);
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void theEndpointMayEndItsSendingFirst(TransportKind kind) throws Exception {
    try (RelayWorld world = new RelayWorld(kind)) {
      endsOneWayThenTheOther(world, world.endpoint, world.client);
      assertThat(world.fromEndpoint()).isEqualTo(100);
      assertThat(world.fromClient()).isEqualTo(1_000);
    }
  }

  private static void endsOneWayThenTheOther(RelayWorld world, Socket first, Socket second)
      throws Exception {
    send(first, bytes(100, 1)).join();
    first.shutdownOutput();
    assertThat(second.getInputStream().readAllBytes()).isEqualTo(bytes(100, 1));
    assertThat(world.endings).isEmpty();

    send(second, bytes(1_000, 2)).join();
    assertThat(first.getInputStream().readNBytes(1_000)).isEqualTo(bytes(1_000, 2));
    assertThat(world.endings).isEmpty();

    second.shutdownOutput();
    assertThat(first.getInputStream().read()).isEqualTo(-1);
    endsOnce(world, false);
  }

  @ParameterizedTest
  @MethodSource("transports")
  void aReaderThatStopsStopsTheSender(TransportKind kind) throws Exception {
    byte[] much = bytes(MUCH, 3);
    try (RelayWorld world = new RelayWorld(kind)) {
      CompletableFuture<Boolean> sent = send(world.endpoint, much);
      eventually(() -> !world.endpointEnd.isReading());

      assertThat(sent).isNotDone();
      assertThat(world.fromEndpoint()).isLessThan(BOUND / 2);
      assertThat(world.directMemory()).isLessThan(2 * BOUND);
      assertThat(world.clientEnd.isReading()).as("the other direction").isTrue();

      assertThat(receive(world.client, MUCH).get(60, TimeUnit.SECONDS)).isEqualTo(much);
      assertThat(sent.join()).isTrue();
      eventually(world.endpointEnd::isReading);
      assertThat(world.endings).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void anEndpointThatStopsReadingStopsTheClient(TransportKind kind) throws Exception {
    byte[] much = bytes(MUCH, 4);
    try (RelayWorld world = new RelayWorld(kind)) {
      CompletableFuture<Boolean> sent = send(world.client, much);
      eventually(() -> !world.clientEnd.isReading());
      assertThat(sent).isNotDone();
      assertThat(world.fromClient()).isLessThan(BOUND / 2);

      assertThat(receive(world.endpoint, MUCH).get(60, TimeUnit.SECONDS)).isEqualTo(much);
      assertThat(sent.join()).isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void whatWasSentBeforeTheEndArrives(TransportKind kind) throws Exception {
    byte[] down = bytes(1_000_000, 5);
    try (RelayWorld world = new RelayWorld(kind)) {
      CompletableFuture<Boolean> sent =
          send(world.endpoint, down).thenApply(ok -> close(world.endpoint, ok));
      assertThat(world.client.getInputStream().readNBytes(10)).isEqualTo(Arrays.copyOf(down, 10));
      world.client.shutdownOutput();
      byte[] rest = world.client.getInputStream().readAllBytes();
      assertThat(rest).isEqualTo(Arrays.copyOfRange(down, 10, down.length));
      assertThat(sent.join()).isTrue();
      endsOnce(world, false);
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void aResetOfTheClientEndsBoth(TransportKind kind) throws Exception {
    try (RelayWorld world = new RelayWorld(kind)) {
      passOneByte(world.client, world.endpoint);
      world.client.setSoLinger(true, 0);
      world.client.close();
      assertThat(ended(world.endpoint)).isTrue();
      endsOnce(world, false);
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void aResetOfTheEndpointEndsBoth(TransportKind kind) throws Exception {
    try (RelayWorld world = new RelayWorld(kind)) {
      passOneByte(world.endpoint, world.client);
      world.endpoint.setSoLinger(true, 0);
      world.endpoint.close();
      assertThat(ended(world.client)).isTrue();
      endsOnce(world, false);
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void endsWhenNothingMovesForTooLong(TransportKind kind) throws Exception {
    try (RelayWorld world = new RelayWorld(kind)) {
      passOneByte(world.client, world.endpoint);
      world.pass(IDLE_NANOS - 1);
      assertThat(world.endings).isEmpty();

      passUntilEnded(world);
      assertThat(ended(world.client)).isTrue();
      assertThat(ended(world.endpoint)).isTrue();
      endsOnce(world, true);
    }
  }

  @ParameterizedTest
  @MethodSource("transports")
  void whateverMovesPutsTheEndOff(TransportKind kind) throws Exception {
    try (RelayWorld world = new RelayWorld(kind)) {
      for (int i = 0; i < 5; i++) {
        world.pass(IDLE_NANOS - TICK_NANOS);
        passOneByte(world.client, world.endpoint);
        world.pass(IDLE_NANOS - TICK_NANOS);
        passOneByte(world.endpoint, world.client);
      }
      world.pass(IDLE_NANOS - TICK_NANOS);
      world.client.shutdownOutput();
      assertThat(world.endpoint.getInputStream().read()).isEqualTo(-1);
      world.pass(IDLE_NANOS - TICK_NANOS);
      assertThat(world.endings).isEmpty();

      passUntilEnded(world);
      endsOnce(world, true);
    }
  }

  /** Its bytes wait to be sent, and nothing shall wait for that for ever. */
  @ParameterizedTest
  @MethodSource("transports")
  void aReaderThatStopsForTooLongIsCutOff(TransportKind kind) throws Exception {
    try (RelayWorld world = new RelayWorld(kind)) {
      CompletableFuture<Boolean> sent = send(world.endpoint, bytes(MUCH, 6));
      eventually(() -> !world.endpointEnd.isReading());

      passUntilEnded(world);
      endsOnce(world, true);
      assertThat(sent.join()).isFalse();
    }
  }

  /** A trickle is not silence, even while nothing new is read for it. */
  @ParameterizedTest
  @MethodSource("transports")
  void aSlowReaderIsNotCutOff(TransportKind kind) throws Exception {
    byte[] much = bytes(MUCH, 7);
    try (RelayWorld world = new RelayWorld(kind)) {
      CompletableFuture<Boolean> sent = send(world.endpoint, much);
      eventually(() -> !world.endpointEnd.isReading());
      InputStream in = world.client.getInputStream();
      int read = 0;
      for (int i = 0; i < 20; i++) {
        long unsent = world.clientEnd.unsent();
        long passed = world.fromEndpoint();
        while (world.clientEnd.unsent() >= unsent && world.fromEndpoint() == passed) {
          read += in.readNBytes(4096).length;
        }
        world.pass(IDLE_NANOS * 3 / 5);
        assertThat(world.endings).as("after %d bytes", read).isEmpty();
      }
      assertThat(receive(world.client, MUCH - read).get(60, TimeUnit.SECONDS))
          .isEqualTo(Arrays.copyOfRange(much, read, MUCH));
      assertThat(sent.join()).isTrue();
    }
  }

  /** Regression: nothing watched over the rest that was to be sent to the other side. */
  @ParameterizedTest
  @MethodSource("transports")
  void aReaderThatStopsAfterTheOtherSideIsGoneIsCutOff(TransportKind kind) throws Exception {
    try (RelayWorld world = new RelayWorld(kind)) {
      CompletableFuture<Boolean> sent = send(world.endpoint, bytes(MUCH, 8));
      eventually(() -> !world.endpointEnd.isReading());
      world.onLoop(() -> world.endpointEnd.channel().close());
      eventually(() -> world.endings.size() == 1);
      assertThat(world.clientEnd.isClosed()).as("some is still to be sent").isFalse();

      passUntilEnded(world);
      endsOnce(world, false);
      assertThat(sent.join()).isFalse();
    }
  }

  // ---- steps ----

  /** Both connections are closed, the end was told once, and no timer is left. */
  private static void endsOnce(RelayWorld world, boolean idle) throws Exception {
    assertThat(world.endings.poll(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)).isEqualTo(idle);
    eventually(() -> world.clientEnd.isClosed() && world.endpointEnd.isClosed());
    eventually(() -> !world.isTimed());
    assertThat(world.endings).isEmpty();
  }

  /**
   * Lets time pass until the relay has ended. What the kernel still took after it was last looked
   * at puts that off once.
   */
  private static void passUntilEnded(RelayWorld world) {
    eventually(() -> {
      world.pass(IDLE_NANOS + TICK_NANOS);
      return world.clientEnd.isClosed();
    });
  }

  private static void passOneByte(Socket from, Socket to) throws IOException {
    from.getOutputStream().write('x');
    assertThat(to.getInputStream().read()).isEqualTo('x');
  }

  /** Whether the connection has ended, with its end or with a reset. */
  private static boolean ended(Socket socket) throws IOException {
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketException e) {
      return true;
    }
  }

  /** Sends all; false when the connection ended before. */
  private static CompletableFuture<Boolean> send(Socket socket, byte[] bytes) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            OutputStream out = socket.getOutputStream();
            out.write(bytes);
            return true;
          } catch (IOException e) {
            return false;
          }
        },
        task -> Thread.ofVirtual().start(task));
  }

  private static CompletableFuture<byte[]> receive(Socket socket, int length) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return socket.getInputStream().readNBytes(length);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        task -> Thread.ofVirtual().start(task));
  }

  private static boolean close(Socket socket, boolean value) {
    try {
      socket.close();
      return value;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void eventually(Callable<Boolean> condition) {
    await()
        .atMost(Duration.ofMillis(PATIENCE_MILLIS))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .until(condition);
  }

  private static byte[] bytes(int length, long seed) {
    byte[] bytes = new byte[length];
    new SplittableRandom(seed).nextBytes(bytes);
    return bytes;
  }
}
