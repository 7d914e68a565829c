package io.steelyard.proxy.pool;

import io.netty.channel.EventLoop;
import io.steelyard.balance.limit.RunningQuantile;
import io.steelyard.model.Hedging;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one pool on one event loop that are to be sent to a second endpoint when their
 * answer does not come soon, in the order in which they were sent.
 *
 * <p>All wait for about the same time, so that a queue and one timer for its head do what a wheel
 * would do in coarser steps: a request costs two links, and its deadline is met within about a
 * millisecond. When the delay shrinks, those behind a request with the longer one wait for that.
 */
public final class HedgeLine {
  private final EventLoop events;
  private final @Nullable RunningQuantile quantile;
  private final long leastNanos;
  private final Runnable timer = this::expire;
  private @Nullable Waiting first;
  private @Nullable Waiting last;
  private boolean scheduled;

  HedgeLine(Hedging settings, EventLoop events) {
    this.events = events;
    Double percentile = settings.percentile();
    Duration after = settings.after();
    quantile = percentile == null ? null : new RunningQuantile(percentile / 100);
    leastNanos = (after == null ? settings.atLeast() : after).toNanos();
  }

  /** One that waits. */
  public abstract static class Waiting {
    private @Nullable Waiting before;
    private @Nullable Waiting after;
    private boolean isIn;
    private long due;

    /** The time is over. Runs on the event loop, no longer in the line. */
    protected abstract void due();
  }

  /** An answer began after so long. */
  public void answered(long nanos) {
    if (quantile != null) {
      quantile.add(nanos);
    }
  }

  /** Waits from now on, once enough is known of how long answers take. */
  public void add(Waiting waiting, long now) {
    if (quantile != null && !quantile.isKnown()) {
      return;
    }
    waiting.due = now + (quantile == null ? leastNanos : Math.max(leastNanos, quantile.nanos()));
    waiting.isIn = true;
    waiting.before = last;
    if (last == null) {
      first = waiting;
    } else {
      last.after = waiting;
    }
    last = waiting;
    if (!scheduled) {
      schedule(waiting, now);
    }
  }

  /** Waits no longer, if it did. */
  public void remove(Waiting waiting) {
    if (!waiting.isIn) {
      return;
    }
    waiting.isIn = false;
    if (waiting.before == null) {
      first = waiting.after;
    } else {
      waiting.before.after = waiting.after;
    }
    if (waiting.after == null) {
      last = waiting.before;
    } else {
      waiting.after.before = waiting.before;
    }
    waiting.before = null;
    waiting.after = null;
  }

  private void schedule(Waiting head, long now) {
    scheduled = true;
    events.schedule(timer, Math.max(head.due - now, 0), TimeUnit.NANOSECONDS);
  }

  private void expire() {
    scheduled = false;
    long now = System.nanoTime();
    for (Waiting head = first; head != null; head = first) {
      if (head.due - now > 0) {
        schedule(head, now);
        return;
      }
      remove(head);
      head.due();
    }
  }
}
