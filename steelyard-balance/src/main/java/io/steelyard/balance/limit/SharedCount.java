package io.steelyard.balance.limit;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * How much of something is in use at a time, over all event loops. Thread-safe, exact, without
 * locks; no other count shares its cache lines.
 */
public final class SharedCount {
  /** 128 bytes: a cache line and its neighbour, which processors fetch together. */
  private static final int PADDING = 16;

  private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);

  private final long[] cells = new long[PADDING + 1 + PADDING];

  /** A count of nothing. */
  public SharedCount() {}

  /** How much is in use. */
  public int value() {
    return (int) (long) CELL.getVolatile(cells, PADDING);
  }

  /** One more is in use. */
  public void enter() {
    CELL.getAndAdd(cells, PADDING, 1L);
  }

  /** One more is in use, unless so many are, whatever other event loops do. */
  public boolean enterBelow(int limit) {
    for (long used = value(); used < limit; used = value()) {
      if (CELL.compareAndSet(cells, PADDING, used, used + 1)) {
        return true;
      }
    }
    return false;
  }

  /** One less is in use. */
  public void leave() {
    CELL.getAndAdd(cells, PADDING, -1L);
  }

  /** The value, for messages. */
  @Override
  public String toString() {
    return Integer.toString(value());
  }
}
