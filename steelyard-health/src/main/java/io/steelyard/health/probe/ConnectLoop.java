package io.steelyard.health.probe;

import io.steelyard.balance.health.Layer;
import io.steelyard.balance.health.ProbeResult;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Probes that only connect, thousands at a time, by one thread that waits for all of them: the same
 * seven system calls that a C program makes, and no thread woken for each.
 *
 * <p>Source: epoll(7), connect(2).
 */
public final class ConnectLoop implements AutoCloseable {
  private static final int WAIT_MILLIS = 20;

  /** With more results than so many in that time, they are waited for together. */
  private static final int MANY = 20;

  private static final long TOGETHER_NANOS = 1_000_000;
  private static final int EINTR = 4;
  private static final int ENFILE = 23;
  private static final int EMFILE = 24;
  private static final int ENETUNREACH = 101;
  private static final int ECONNRESET = 104;
  private static final int ETIMEDOUT = 110;
  private static final int ECONNREFUSED = 111;
  private static final int EHOSTUNREACH = 113;

  /** A connection that is being opened. */
  private record Pending(long start, Duration timeout, Consumer<ProbeResult> done) {
    long elapsed() {
      return System.nanoTime() - start;
    }
  }

  private final Arena arena;
  private final LinuxSockets starting;
  private final LinuxSockets ending;
  private final int poll;
  private final ConcurrentHashMap<Integer, Pending> pending = new ConcurrentHashMap<>();
  private final Thread thread;
  private volatile boolean closed;

  private ConnectLoop(Arena arena) throws IOException {
    this.arena = arena;
    this.starting = new LinuxSockets(arena);
    this.ending = new LinuxSockets(arena);
    this.poll = starting.newPoll();
    if (poll < 0) {
      throw new IOException("no epoll: error " + -poll);
    }
    this.thread = Thread.ofPlatform().daemon().name("steelyard-connects").unstarted(this::run);
  }

  /** Starts a thread; null where the system has no such calls. */
  public static @Nullable ConnectLoop open() {
    var arena = Arena.ofShared();
    try {
      var loop = new ConnectLoop(arena);
      loop.thread.start();
      return loop;
    } catch (IOException | RuntimeException e) {
      arena.close();
      return null;
    }
  }

  /**
   * Begins a probe. Called by one thread.
   *
   * @param target an IP address, without a source of its own
   * @param done gets the result, on the thread of this loop
   * @return the result when it is known at once; null: {@code done} gets it
   */
  public @Nullable ProbeResult connect(
      ProbeTarget target, Duration timeout, Consumer<ProbeResult> done) {
    InetAddress host = InetAddress.ofLiteral(target.address().host());
    long start = System.nanoTime();
    int socket = starting.socket(host);
    if (socket < 0) {
      return failure(-socket, timeout, start);
    }
    int connected = starting.connect(socket, host, target.address().port());
    if (connected != 0 && connected != -LinuxSockets.EINPROGRESS) {
      starting.close(socket);
      return failure(-connected, timeout, start);
    }
    pending.put(socket, new Pending(start, timeout, done));
    int watched = starting.watch(poll, socket);
    if (watched < 0 && pending.remove(socket) != null) {
      starting.close(socket);
      return failure(-watched, timeout, start);
    }
    return null;
  }

  private static ProbeResult failure(int error, Duration timeout, long start) {
    long nanos = System.nanoTime() - start;
    return switch (error) {
      case ECONNREFUSED -> ProbeResult.failed(Layer.L4, "connection refused", nanos);
      case ECONNRESET -> ProbeResult.failed(Layer.L4, "connection reset", nanos);
      case ETIMEDOUT -> late(timeout, nanos);
      case EHOSTUNREACH -> ProbeResult.failed(Layer.L3, "no route to host", nanos);
      case ENETUNREACH -> ProbeResult.failed(Layer.L3, "network is unreachable", nanos);
      case EMFILE, ENFILE -> ProbeResult.failed(Layer.L4, "too many open files", nanos);
      default -> ProbeResult.failed(Layer.L4, "cannot connect: error " + error, nanos);
    };
  }

  private static ProbeResult late(Duration timeout, long nanos) {
    return ProbeResult.failed(
        Layer.L4, "no connection within " + timeout.toMillis() + " ms", nanos);
  }

  private void run() {
    long looked = System.nanoTime();
    int since = 0;
    boolean many = false;
    while (!closed) {
      int found = ending.await(poll, WAIT_MILLIS);
      if (found < 0 && found != -EINTR) {
        return; // closed
      }
      for (int i = 0; i < found; i++) {
        ended(ending.found(i));
      }
      since += Math.max(0, found);
      if (System.nanoTime() - looked > WAIT_MILLIS * 1_000_000L) {
        looked = System.nanoTime();
        many = since > MANY;
        since = 0;
        expire();
      }
      if (many) {
        LockSupport.parkNanos(TOGETHER_NANOS); // one wake-up for several
      }
    }
  }

  /** Only this thread closes sockets that are watched: none is found after it was closed. */
  private void ended(int socket) {
    var probe = pending.remove(socket);
    if (probe == null) {
      return;
    }
    int error = ending.error(socket);
    if (error == 0) {
      ending.reset(socket);
      probe.done.accept(ProbeResult.passed(Layer.L4, "connected", probe.elapsed()));
    } else {
      ending.close(socket);
      probe.done.accept(failure(error, probe.timeout, probe.start));
    }
  }

  private void expire() {
    List<Integer> late = new ArrayList<>();
    pending.forEach((socket, probe) -> {
      if (probe.elapsed() > probe.timeout.toNanos()) {
        late.add(socket);
      }
    });
    for (int socket : late) {
      var probe = pending.remove(socket);
      if (probe != null) {
        ending.close(socket);
        probe.done.accept(late(probe.timeout, probe.elapsed()));
      }
    }
  }

  /** Ends what is under way; nobody hears of it. The one who begins probes begins none any more. */
  @Override
  public void close() {
    closed = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return; // the system closes what is left
    }
    pending.keySet().forEach(starting::close);
    pending.clear();
    starting.close(poll);
    arena.close();
  }
}
