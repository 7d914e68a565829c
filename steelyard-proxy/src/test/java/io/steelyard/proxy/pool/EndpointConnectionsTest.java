package io.steelyard.proxy.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.steelyard.balance.Endpoint;
import io.steelyard.balance.PoolState;
import io.steelyard.model.Address;
import io.steelyard.model.EndpointSpec;
import io.steelyard.model.PoolConnections;
import io.steelyard.model.TransportKind;
import io.steelyard.net.SocketSettings;
import io.steelyard.net.Transport;
import io.steelyard.proxy.stats.EndpointStats;
import io.steelyard.proxy.stats.Stats;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EndpointConnectionsTest {
  private static final int PATIENCE_MILLIS = 20_000;
  private static final long IDLE = Duration.ofSeconds(30).toNanos();
  private static final long AGE = Duration.ofMinutes(10).toNanos();

  /** As System.nanoTime may be. */
  private static final long NOW = -77_000_000_000L;

  private final EndpointStats stats = new Stats(1).loop(0).endpoint("p", "e");
  private Transport transport;

  @BeforeEach
  void open() throws Exception {
    transport = Transport.open(TransportKind.NIO, 1);
  }

  @AfterEach
  void close() {
    transport.close();
  }

  @Test
  void givesOutTheYoungestFirst() {
    EndpointConnections home = home(10);
    FakeConnection first = given(home);
    FakeConnection second = given(home);
    FakeConnection third = given(home);
    assertThat(stats.idle.value()).isEqualTo(3);

    assertThat(home.take()).isSameAs(third);
    assertThat(home.take()).isSameAs(second);
    assertThat(home.give(third, NOW)).isTrue();
    assertThat(home.take()).isSameAs(third);
    assertThat(home.take()).isSameAs(first);
    assertThat(home.take()).isNull();
    assertThat(stats.idle.value()).isZero();
    assertThat(first.closed || second.closed || third.closed).isFalse();
  }

  @Test
  void closesTheOldestBeyondTheLimit() {
    EndpointConnections home = home(2);
    FakeConnection first = given(home);
    FakeConnection second = given(home);
    FakeConnection third = given(home);

    assertThat(first.closed).isTrue();
    assertThat(second.closed || third.closed).isFalse();
    assertThat(stats.idle.value()).isEqualTo(2);
    assertThat(home.take()).isSameAs(third);
    assertThat(home.take()).isSameAs(second);
    assertThat(home.take()).isNull();
  }

  @Test
  void aLimitOfOneKeepsTheLast() {
    EndpointConnections home = home(1);
    FakeConnection first = given(home);
    FakeConnection second = given(home);
    assertThat(first.closed).isTrue();
    assertThat(home.take()).isSameAs(second);
  }

  @Test
  void aLimitOfNoneKeepsNone() {
    EndpointConnections home = home(0);
    FakeConnection connection = new FakeConnection(home, NOW);
    assertThat(home.give(connection, NOW)).isFalse();
    assertThat(connection.closed).as("that is up to the caller").isFalse();
    assertThat(home.take()).isNull();
    assertThat(stats.idle.value()).isZero();
  }

  @Test
  void doesNotTakeBackWhatIsTooOld() {
    EndpointConnections home = home(10);
    FakeConnection connection = new FakeConnection(home, NOW);
    assertThat(home.give(connection, NOW + AGE - 1)).isTrue();
    assertThat(home.take()).isSameAs(connection);
    assertThat(home.give(connection, NOW + AGE)).isFalse();
  }

  @Test
  void whatIsIdleIsKeptForItsIdleTime() {
    EndpointConnections home = home(10);
    FakeConnection connection = new FakeConnection(home, NOW);
    assertThat(home.idleUntil(connection, NOW)).isEqualTo(NOW + IDLE);
    assertThat(home.idleUntil(connection, NOW + AGE - IDLE)).isEqualTo(NOW + AGE);
  }

  /** Regression: one that came of age while it was idle was used again. */
  @Test
  void whatIsIdleIsNotKeptBeyondItsAge() {
    EndpointConnections home = home(10);
    FakeConnection connection = new FakeConnection(home, NOW);
    assertThat(home.idleUntil(connection, NOW + AGE - 5)).isEqualTo(NOW + AGE);
  }

  @Test
  void forgetsAnIdleOneWhereverItStands() {
    for (int leaving = 0; leaving < 3; leaving++) {
      EndpointConnections home = home(10);
      List<FakeConnection> connections =
          new ArrayList<>(List.of(given(home), given(home), given(home)));
      long idle = stats.idle.value();

      home.forget(connections.get(leaving));
      home.forget(connections.get(leaving)); // once more does no harm
      assertThat(stats.idle.value()).isEqualTo(idle - 1);

      connections.remove(leaving);
      assertThat(home.take()).isSameAs(connections.get(1));
      assertThat(home.take()).isSameAs(connections.get(0));
      assertThat(home.take()).isNull();
    }
  }

  @Test
  void doesNotForgetOneInUse() {
    EndpointConnections home = home(10);
    FakeConnection used = given(home);
    home.take();
    FakeConnection idle = given(home);

    home.forget(used);
    assertThat(stats.idle.value()).isEqualTo(1);
    assertThat(home.take()).isSameAs(idle);
  }

  @Test
  void closingClosesTheIdleOnesAndKeepsNone() {
    EndpointConnections home = home(10);
    FakeConnection used = given(home);
    home.take();
    FakeConnection first = given(home);
    FakeConnection second = given(home);

    home.close();
    assertThat(first.closed && second.closed).isTrue();
    assertThat(used.closed).isFalse();
    assertThat(stats.idle.value()).isZero();
    assertThat(home.give(used, NOW)).isFalse();
    assertThat(home.take()).isNull();
  }

  @Test
  void behavesAsAStackOfWhichTheOldestFallOut() {
    for (int seed = 0; seed < 256; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      int limit = 1 + random.nextInt(8);
      EndpointConnections home = home(limit);
      Deque<FakeConnection> idle = new ArrayDeque<>();
      List<FakeConnection> used = new ArrayList<>();
      long before = stats.idle.value();
      for (int step = 0; step < 300; step++) {
        switch (random.nextInt(4)) {
          case 0 -> {
            FakeConnection taken = idle.pollLast();
            assertThat(home.take()).as("seed %d", seed).isSameAs(taken);
            if (taken != null) {
              used.add(taken);
            }
          }
          case 1 -> {
            if (!idle.isEmpty()) {
              FakeConnection ended = List.copyOf(idle).get(random.nextInt(idle.size()));
              idle.remove(ended);
              home.forget(ended);
            }
          }
          default -> {
            FakeConnection connection =
                used.isEmpty() ? new FakeConnection(home, NOW) : used.removeLast();
            FakeConnection fallen = idle.size() == limit ? idle.pollFirst() : null;
            idle.addLast(connection);
            assertThat(home.give(connection, NOW)).isTrue();
            assertThat(fallen == null || fallen.closed).as("seed %d", seed).isTrue();
          }
        }
        assertThat(stats.idle.value() - before).as("seed %d", seed).isEqualTo(idle.size());
        assertThat(idle).as("seed %d", seed).noneMatch(connection -> connection.closed);
      }
      home.close();
    }
  }

  @Test
  void connectsToItsEndpoint() throws Exception {
    try (ServerSocket serving = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      serving.setSoTimeout(PATIENCE_MILLIS);
      EndpointConnections home = home(10, serving.getLocalPort());
      ChannelFuture connect = home.connect(new ChannelInboundHandlerAdapter());
      serving.accept().close();
      assertThat(connect.await(PATIENCE_MILLIS)).isTrue();
      assertThat(connect.isSuccess()).isTrue();
      assertThat(stats.connects.value()).isEqualTo(1);
      assertThat(home.endpoint().address().port()).isEqualTo(serving.getLocalPort());
      assertThat(home.stats()).isSameAs(stats);
    }
  }

  private EndpointConnections home(int limit) {
    return home(limit, 1);
  }

  private EndpointConnections home(int limit, int port) {
    Endpoint endpoint =
        new PoolState("p")
            .endpoints(List.of(EndpointSpec.of(new Address("127.0.0.1", port))))
            .getFirst();
    return new EndpointConnections(
        endpoint,
        new PoolConnections(limit, Duration.ofNanos(IDLE), Duration.ofNanos(AGE)),
        new SocketSettings(true, false),
        null,
        transport.loops().getFirst(),
        stats);
  }

  /** A new connection that has become idle. */
  private static FakeConnection given(EndpointConnections home) {
    FakeConnection connection = new FakeConnection(home, NOW);
    assertThat(home.give(connection, NOW)).isTrue();
    return connection;
  }

  /** Leaves its home when it is closed, as real ones do. */
  private static final class FakeConnection extends PooledConnection {
    private boolean closed;

    FakeConnection(EndpointConnections home, long openedNanos) {
      super(home, openedNanos);
    }

    @Override
    protected void closeIdle() {
      closed = true;
      home().forget(this);
    }
  }
}
