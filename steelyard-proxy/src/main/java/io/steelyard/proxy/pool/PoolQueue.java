package io.steelyard.proxy.pool;

import io.steelyard.balance.Lease;
import io.steelyard.balance.Selection;
import io.steelyard.balance.queue.ClassQueue;
import io.steelyard.balance.queue.ServiceClass;
import io.steelyard.model.QueueSpec;
import io.steelyard.net.Loop;
import io.steelyard.net.TimerWheel.Timeout;
import io.steelyard.proxy.stats.PoolStats;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one event loop that wait until a pool's endpoints have room.
 *
 * <pre>
 *             join                    room: a lease or connection of any loop has ended
 *   request ───────► waiting ──┬──────────────────────────────────────────────────────► admitted
 *               │              ├── too long ──► timedOut
 *               └─ full: 503   └── leave
 * </pre>
 *
 * <p>Whoever comes while somebody waits, on whatever loop, waits too: nobody overtakes. What
 * becomes free wakes one loop that has somebody waiting, each in turn ({@link SharedQueue}); it
 * admits as many as there is room for and wakes the next when its queue is empty. The work is
 * always a task of its own, never done inside of what made the room.
 *
 * <p>Belongs to its event loop, but for {@link #wakeUp} and {@link #size}.
 */
public final class PoolQueue {
  /** One that waits. */
  public abstract static class Waiting extends Timeout {
    private @Nullable PoolQueue queue;
    private ClassQueue.@Nullable Place<Waiting> place;
    private long since;

    /** What an endpoint is chosen by. */
    protected abstract Selection selection();

    /** There is room. No longer in the queue. */
    protected abstract void admitted(Lease lease);

    /** It took too long. No longer in the queue. */
    protected abstract void timedOut();

    /** Waits no longer, if it did. */
    public final void leave() {
      PoolQueue current = queue;
      if (current != null) {
        current.remove(this);
      }
    }

    @Override
    protected final void expired() {
      if (queue != null) {
        leave();
        timedOut();
      }
    }
  }

  private final LoopPool pool;
  private final QueueSpec settings;
  private final SharedQueue shared;
  private final Loop loop;
  private final PoolStats stats;
  private final ClassQueue<Waiting> queue;
  private final long timeoutNanos;
  private final AtomicBoolean awake = new AtomicBoolean();
  private final AtomicBoolean shedding = new AtomicBoolean();
  private volatile int size;

  PoolQueue(LoopPool pool, QueueSpec settings, SharedQueue shared, Loop loop, PoolStats stats) {
    this.pool = pool;
    this.settings = settings;
    this.shared = shared;
    this.loop = loop;
    this.stats = stats;
    this.timeoutNanos = settings.timeout().toNanos();
    this.queue =
        new ClassQueue<>(
            classes(settings),
            switch (settings.order()) {
              case STRICT -> ClassQueue.Order.STRICT;
              case WEIGHTED -> ClassQueue.Order.WEIGHTED;
            },
            settings.effectiveFairAfter().toNanos());
    shared.register(loop.index(), this);
  }

  private static List<ServiceClass> classes(QueueSpec settings) {
    return settings.classes().isEmpty()
        ? List.of(new ServiceClass("all", 1))
        : settings.classes().stream()
            .map(one -> new ServiceClass(one.name(), one.weight()))
            .toList();
  }

  /** The number of the class with a name; null stands for requests without one. */
  public int classOf(@Nullable String name) {
    return settings.classOf(name);
  }

  /** Whether somebody waits, on whatever event loop. */
  public boolean isTaken() {
    return shared.waiting() > 0;
  }

  /**
   * Waits from now on.
   *
   * @return false when the queue is full
   */
  public boolean join(Waiting waiting, int serviceClass, long now) {
    if (!shared.enter(settings.length())) {
      return false;
    }
    waiting.queue = this;
    waiting.since = now;
    waiting.place = queue.add(serviceClass, waiting, now);
    size = queue.size();
    stats.waiting.increment();
    stats.waited.increment();
    loop.timers().arm(waiting, now + timeoutNanos);
    wakeUp(); // what became free before anybody could see that somebody waits
    return true;
  }

  private void remove(Waiting waiting) {
    var place = waiting.place;
    if (place != null) {
      place.leave();
    }
    left(waiting);
  }

  private void left(Waiting waiting) {
    waiting.queue = null;
    waiting.place = null;
    size = queue.size();
    shared.leave();
    stats.waiting.decrement();
    loop.timers().disarm(waiting);
  }

  /** How many wait; for any thread. */
  int size() {
    return size;
  }

  /** There may be room: looks soon. For any thread. */
  void wakeUp() {
    if (awake.compareAndSet(false, true)) {
      loop.execute(this::admit);
    }
  }

  private void admit() {
    awake.set(false);
    long now = loop.timers().nanoTime();
    for (var next = queue.peek(now); next != null; next = queue.peek(now)) {
      var lease = pool.lease(next.selection());
      if (lease == null) {
        if (pool.refusal() == Refusal.CONNECTIONS) {
          shared.shed(this);
        }
        return;
      }
      queue.poll(now);
      stats.queueTime.record(now - next.since);
      left(next);
      next.admitted(lease);
    }
    shared.wake();
  }

  void shedLater() {
    if (shedding.compareAndSet(false, true)) {
      loop.execute(() -> {
        shedding.set(false);
        pool.shed();
      });
    }
  }
}
