package io.steelyard.net;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The deadlines of one event loop's connections, on a hashed wheel (Varghese and Lauck, "Hashed and
 * hierarchical timing wheels", 1987).
 *
 * <p>Almost every deadline of a proxy is moved again and again and never met. So moving one
 * <em>later</em> only writes a field: the {@link Timeout} stays where it is, and when its slot
 * comes round it is put where it belongs by then. Only an earlier deadline relinks it. A deadline
 * is met up to {@value #TICK_MILLIS} ms late, never early. The wheel turns only while something
 * hangs on it.
 *
 * <p>Not thread-safe: belongs to its event loop.
 */
public final class TimerWheel {
  /** How often the wheel turns, in milliseconds. */
  public static final int TICK_MILLIS = 50;

  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS);
  private static final int SLOTS = 1024;

  private final @Nullable Timeout[] slots = new Timeout[SLOTS];
  private final long origin;
  private final @Nullable EventLoop driver;
  private long turned;
  private int linked;
  private @Nullable Future<?> turning;

  /** A wheel that {@code driver} turns by itself. */
  TimerWheel(EventLoop driver) {
    this.driver = driver;
    this.origin = System.nanoTime();
  }

  /** A wheel that only {@link #advance} turns, which began at {@code origin}. */
  TimerWheel(long origin) {
    this.driver = null;
    this.origin = origin;
  }

  /**
   * Sets {@code timeout}'s deadline, a {@link System#nanoTime} value, in place of the one it had.
   */
  public void arm(Timeout timeout, long deadline) {
    timeout.deadline = deadline;
    timeout.armed = true;
    long tick = tickOf(deadline);
    if (timeout.linked) {
      if (timeout.tick <= tick) {
        return;
      }
      unlink(timeout);
    }
    link(timeout, tick);
  }

  /** The deadline no longer counts. Cheap: for a timeout that will soon be armed again. */
  public void disarm(Timeout timeout) {
    timeout.armed = false;
  }

  /**
   * The deadline no longer counts, and the wheel lets go of the timeout. For the end of a
   * connection.
   */
  public void cancel(Timeout timeout) {
    timeout.armed = false;
    if (timeout.linked) {
      unlink(timeout);
    }
  }

  /** Turns the wheel up to {@code now} and expires what is due. */
  void advance(long now) {
    long target = Math.floorDiv(now - origin, TICK_NANOS);
    while (turned < target) {
      turned++;
      expireSlot((int) (turned & (SLOTS - 1)), now);
    }
  }

  int size() {
    return linked;
  }

  private void expireSlot(int slot, long now) {
    Timeout due = slots[slot];
    while (due != null) {
      unlink(due);
      if (due.armed) {
        expireOrRelink(due, now);
      }
      due = slots[slot];
    }
  }

  private void expireOrRelink(Timeout timeout, long now) {
    if (timeout.deadline - now <= 0) {
      timeout.armed = false;
      timeout.expired();
    } else {
      link(timeout, tickOf(timeout.deadline));
    }
  }

  /** The first tick at which the deadline has passed. */
  private long tickOf(long deadline) {
    return Math.ceilDiv(deadline - origin, TICK_NANOS);
  }

  private void link(Timeout timeout, long tick) {
    timeout.tick = Math.clamp(tick, turned + 1, turned + SLOTS - 1);
    int slot = (int) (timeout.tick & (SLOTS - 1));
    Timeout head = slots[slot];
    timeout.previous = null;
    timeout.next = head;
    if (head != null) {
      head.previous = timeout;
    }
    slots[slot] = timeout;
    timeout.linked = true;
    if (linked++ == 0) {
      start();
    }
  }

  private void unlink(Timeout timeout) {
    Timeout previous = timeout.previous;
    Timeout next = timeout.next;
    if (previous == null) {
      slots[(int) (timeout.tick & (SLOTS - 1))] = next;
    } else {
      previous.next = next;
    }
    if (next != null) {
      next.previous = previous;
    }
    timeout.previous = null;
    timeout.next = null;
    timeout.linked = false;
    linked--;
  }

  private void start() {
    if (driver != null && turning == null) {
      turned = Math.max(turned, Math.floorDiv(System.nanoTime() - origin, TICK_NANOS));
      turning =
          driver.scheduleWithFixedDelay(this::turn, TICK_NANOS, TICK_NANOS, TimeUnit.NANOSECONDS);
    }
  }

  private void turn() {
    advance(System.nanoTime());
    Future<?> current = turning;
    if (linked == 0 && current != null) {
      current.cancel(false);
      turning = null;
    }
  }

  /** Something that has a deadline. One object serves its owner for life. */
  public abstract static class Timeout {
    private long deadline;
    private long tick;
    private boolean armed;
    private boolean linked;
    private @Nullable Timeout previous;
    private @Nullable Timeout next;

    /**
     * The deadline has passed. Runs on the event loop; may arm, disarm or cancel any timeout, this
     * one too.
     */
    protected abstract void expired();

    /** Is there a deadline that counts? */
    public final boolean isArmed() {
      return armed;
    }
  }
}
