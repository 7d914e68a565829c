package io.steelyard.health;

import static java.util.Objects.requireNonNull;

import io.steelyard.balance.health.Layer;
import io.steelyard.balance.health.ProbeResult;
import io.steelyard.health.probe.ConnectLoop;
import io.steelyard.health.probe.Probe;
import io.steelyard.health.probe.ProbeTarget;
import io.steelyard.health.probe.Probes;
import io.steelyard.model.ProbeSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs probes when they are due, each in a virtual thread; those that only connect, on Linux, all
 * in one thread ({@link ConnectLoop}). Whoever wants the same target probed in the same way shares
 * one probe, which runs as often as the most demanding of them wants. Thread-safe.
 *
 * <p>Probes are spread evenly in time: the first ones begin 0.1 ms apart, so that all are known
 * soon; the second ones at phases that fill the interval evenly; and each interval is up to 5 %
 * longer or shorter than asked for, so that no two beats stay together for long.
 */
public final class Prober implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Prober.class);
  private static final long APART_NANOS = 100_000;
  private static final double JITTER = 0.05;

  /** Multiples of it fill the interval from 0 to 1 evenly, however many there are. */
  private static final double GOLDEN = 0.618_033_988_749_895;

  /** What is due so soon is started together: fewer wake-ups. */
  private static final long TOGETHER_NANOS = 1_000_000;

  /** What is probed how; equal keys are one probe. */
  record Key(ProbeSpec spec, ProbeTarget target, Duration timeout) {
    Key {
      requireNonNull(spec, "spec");
      requireNonNull(target, "target");
      requireNonNull(timeout, "timeout");
    }
  }

  private final RandomGenerator random;
  private final Function<ProbeSpec, Probe> maker;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final PriorityQueue<Shared> queue = new PriorityQueue<>();
  private final Map<Key, Shared> shared = new HashMap<>();
  private final Map<ProbeSpec, Probe> probes = new HashMap<>();
  private final AtomicBoolean mistake = new AtomicBoolean();
  private final ExecutorService runners;
  private final Thread timer;
  private final @Nullable ConnectLoop connects = ConnectLoop.open();
  private long added;
  private long lastFirst = System.nanoTime();
  private boolean closed;

  /**
   * Starts a thread that knows the time.
   *
   * @param random spreads the probes; used under a lock
   */
  public Prober(RandomGenerator random) {
    this(random, Probes::of);
  }

  /** With probes of somebody else's making. */
  Prober(RandomGenerator random, Function<ProbeSpec, Probe> maker) {
    this.random = random;
    this.maker = maker;
    this.runners =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("probe-", 0).factory());
    this.timer = Thread.ofPlatform().daemon().name("steelyard-prober").start(this::keepTime);
  }

  /** Begins to probe for somebody. */
  void probe(Key key, Subscriber subscriber) {
    lock.lock();
    try {
      var known = shared.get(key);
      if (known != null) {
        known.add(subscriber);
        if (queue.remove(known)) { // not under way: the newcomer need not wait for its turn
          known.due = System.nanoTime();
          queue.add(known);
          changed.signal();
        }
        return;
      }
      var probe = probes.computeIfAbsent(key.spec(), maker);
      long now = System.nanoTime();
      lastFirst = lastFirst - now > 0 ? lastFirst + APART_NANOS : now;
      double phase = (++added * GOLDEN) % 1;
      var created = new Shared(key, probe, subscriber, lastFirst, phase);
      shared.put(key, created);
      queue.add(created);
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** No longer probes for somebody. Results that are under way may still come. */
  void stop(Key key, Subscriber subscriber) {
    lock.lock();
    try {
      var known = shared.get(key);
      if (known != null && known.remove(subscriber)) {
        shared.remove(key);
        queue.remove(known);
      }
    } finally {
      lock.unlock();
    }
  }

  /** How many different probes there are. */
  public int probes() {
    lock.lock();
    try {
      return shared.size();
    } finally {
      lock.unlock();
    }
  }

  private void keepTime() {
    List<Shared> due = new ArrayList<>();
    try {
      while (awaitDue(due)) {
        due.forEach(this::start);
        due.clear();
      }
    } catch (InterruptedException | RejectedExecutionException e) {
      // Closed.
    }
  }

  /** Waits until some are due, and takes them out; false when it is closed. */
  private boolean awaitDue(List<Shared> due) throws InterruptedException {
    lock.lock();
    try {
      while (!closed) {
        takeDue(due);
        if (!due.isEmpty()) {
          return true;
        }
        var next = queue.peek();
        if (next == null) {
          changed.await();
        } else {
          long wait = next.due - System.nanoTime();
          changed.await(Math.max(wait, TOGETHER_NANOS), TimeUnit.NANOSECONDS);
        }
      }
      return false;
    } finally {
      lock.unlock();
    }
  }

  private void takeDue(List<Shared> due) {
    long until = System.nanoTime();
    for (var next = queue.peek(); next != null && next.due - until <= 0; next = queue.peek()) {
      due.add(queue.remove());
    }
  }

  private void start(Shared due) {
    var target = due.key.target();
    if (connects == null || !due.probe.onlyConnects() || !target.isPlain()) {
      runners.execute(() -> run(due));
      return;
    }
    long start = System.nanoTime();
    var known = connects.connect(target, due.key.timeout(), result -> finished(due, result, start));
    if (known != null) {
      runners.execute(() -> finished(due, known, start));
    }
  }

  private void finished(Shared due, ProbeResult result, long start) {
    tell(due, result);
    again(due, start);
  }

  private void tell(Shared due, ProbeResult result) {
    try {
      due.tell(result);
    } catch (RuntimeException e) {
      if (mistake.compareAndSet(false, true)) {
        LOG.error("A result of probing {} was lost", due.key.target().address(), e);
      }
    }
  }

  private void run(Shared due) {
    long start = System.nanoTime();
    try {
      finished(due, result(due), start);
    } catch (InterruptedException e) {
      // Closed.
    }
  }

  /** A mistake of ours must not stop the probing: it is a failure that says so. */
  private ProbeResult result(Shared due) throws InterruptedException {
    try {
      return due.probe.run(due.key.target(), due.key.timeout());
    } catch (RuntimeException e) {
      if (mistake.compareAndSet(false, true)) { // once: it may happen many times a second
        LOG.error("The probe of {} failed by itself", due.key.target().address(), e);
      }
      return ProbeResult.failed(Layer.L7, "the probe failed by itself: " + e, 0);
    }
  }

  private void again(Shared done, long start) {
    lock.lock();
    try {
      if (closed || shared.get(done.key) != done) {
        return;
      }
      long interval = done.intervalNanos();
      double factor = 1 + JITTER * (2 * random.nextDouble() - 1);
      done.due = start + (long) (interval * (done.isFirst() ? done.phase : factor));
      queue.add(done);
      if (queue.peek() == done) {
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Stops. Probes that are under way are interrupted. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      queue.clear();
      shared.clear();
    } finally {
      lock.unlock();
    }
    timer.interrupt();
    runners.shutdownNow();
    try {
      timer.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return; // what only connects ends with the process
    }
    if (connects != null) {
      connects.close();
    }
  }

  /** One probe, for all who want it. */
  private static final class Shared implements Comparable<Shared> {
    private final Key key;
    private final Probe probe;
    private final double phase;
    private final java.util.List<Subscriber> subscribers =
        new java.util.concurrent.CopyOnWriteArrayList<>();
    private boolean first = true;
    private long due;

    Shared(Key key, Probe probe, Subscriber subscriber, long due, double phase) {
      this.key = key;
      this.probe = probe;
      this.due = due;
      this.phase = phase;
      subscribers.add(subscriber);
    }

    void add(Subscriber subscriber) {
      subscribers.add(subscriber);
    }

    /** Whether nobody is left. */
    boolean remove(Subscriber subscriber) {
      subscribers.remove(subscriber);
      return subscribers.isEmpty();
    }

    void tell(ProbeResult result) {
      subscribers.forEach(subscriber -> subscriber.probed(result));
    }

    /** Whether this was the first time; asked once each time. */
    boolean isFirst() {
      boolean was = first;
      first = false;
      return was;
    }

    long intervalNanos() {
      return subscribers.stream().mapToLong(Subscriber::intervalNanos).min().orElse(0);
    }

    @Override
    public int compareTo(Shared other) {
      return Long.signum(due - other.due);
    }
  }
}
