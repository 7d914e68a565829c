package io.steelyard.net;

import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

  private static final Logger LOG = LoggerFactory.getLogger(TimerWheel.class);
  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS);
  private static final int SLOTS = 1024;

  private final @Nullable Timeout[] slots = new Timeout[SLOTS];
  private final EventLoop driver;
  private final LongSupplier clock;
  private final long origin;
  private long turned;
  private int linked;
  private boolean turning;

  /**
   * A wheel that {@code driver} turns.
   *
   * @param clock what deadlines are compared with: {@link System#nanoTime}, or a test's
   */
  public TimerWheel(EventLoop driver, LongSupplier clock) {
    this.driver = driver;
    this.clock = clock;
    this.origin = clock.getAsLong();
  }

  /** What deadlines are compared with, in nanoseconds. */
  public long nanoTime() {
    return clock.getAsLong();
  }

  /** Sets {@code timeout}'s deadline, a {@link #nanoTime}, in place of the one it had. */
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

  int size() {
    return linked;
  }

  /** Turns the wheel up to the present and expires what is due. */
  private void turn() {
    long now = clock.getAsLong();
    long target = Math.floorDiv(now - origin, TICK_NANOS);
    // However long the loop was held up: one round passes everything that hangs on the wheel.
    turned = Math.max(turned, target - SLOTS);
    while (turned < target) {
      turned++;
      expireSlot((int) (turned & (SLOTS - 1)), now);
    }
    turning = linked > 0;
    if (turning) {
      scheduleTurn(now - origin);
    }
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
      expire(timeout);
    } else {
      link(timeout, tickOf(timeout.deadline));
    }
  }

  /** One owner's mistake must not stop the wheel for all the others. */
  private static void expire(Timeout timeout) {
    try {
      timeout.expired();
    } catch (RuntimeException | Error e) {
      LOG.error("The timeout {} failed: a mistake of ours", timeout, e);
    }
  }

  /** The first tick at which the deadline has passed. */
  private long tickOf(long deadline) {
    return Math.ceilDiv(deadline - origin, TICK_NANOS);
  }

  private void link(Timeout timeout, long tick) {
    if (linked++ == 0) {
      start();
    }
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

  /**
   * Begins to turn, if the wheel stands still. The time that it stood still is skipped, for nothing
   * hung on it.
   */
  private void start() {
    if (!turning) {
      turning = true;
      long passed = clock.getAsLong() - origin;
      turned = Math.floorDiv(passed, TICK_NANOS);
      scheduleTurn(passed);
    }
  }

  /** The next turn comes when the next tick begins, so that no deadline waits for two ticks. */
  private void scheduleTurn(long passed) {
    driver.schedule(
        this::turn, TICK_NANOS - Math.floorMod(passed, TICK_NANOS), TimeUnit.NANOSECONDS);
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
