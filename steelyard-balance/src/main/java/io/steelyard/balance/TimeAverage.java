package io.steelyard.balance;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A moving average of times, and when it was last added to. Older times count the less the longer
 * they are past: by e after each {@code memory}. Shared by all event loops, whose clocks have the
 * same origin.
 *
 * <p>Thread-safe without locks: of two times that are added at once one may be lost, and for a
 * moment one's time may be seen with the other's clock; what is read is always some time that was
 * there. Nothing is allocated.
 */
public final class TimeAverage {
  /** As in {@link EndpointState}: no other endpoint's average shares these cache lines. */
  private static final int PADDING = 16;

  private static final int VALUE = PADDING;
  private static final int ADDED = VALUE + 1;

  private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);

  private final long[] cells = new long[ADDED + 1 + PADDING];

  TimeAverage() {}

  /** Whether a time was added ever. */
  public boolean isKnown() {
    return read(VALUE) != 0;
  }

  /** The average when it was last added to, in nanoseconds; 0 when none was. */
  public double nanos() {
    return Double.longBitsToDouble(read(VALUE));
  }

  /**
   * What is left of the average at a time: it falls by e in each {@code memory} in which nothing is
   * added.
   */
  public double nanos(long now, long memory) {
    return nanos() * remaining(now, memory);
  }

  /** When it was last added to, by the clock of the event loops. */
  public long added() {
    return read(ADDED);
  }

  /**
   * The logarithm of {@link #nanos(long, long)} at the clock's time 0. As all averages fall by the
   * same factor at any time, their levels stand to each other as they do, and change only when
   * something is added. Minus infinity when nothing was added.
   */
  public double level(long memory) {
    double value = nanos();
    return value == 0 ? Double.NEGATIVE_INFINITY : Math.log(value) + (double) added() / memory;
  }

  /**
   * Adds a time to the mean.
   *
   * @param nanos 0 counts as 1
   * @param least how much it counts at least, however short ago the one before was: 0 to 1
   */
  public void add(long nanos, long now, long memory, double least) {
    double remaining = Math.min(remaining(now, memory), 1 - least);
    set(isKnown() ? nanos() * remaining + floor(nanos) * (1 - remaining) : floor(nanos), now);
  }

  /** Adds a time to a mean that jumps to its peaks: a time above what is left replaces it. */
  public void addPeak(long nanos, long now, long memory) {
    double remaining = remaining(now, memory);
    double left = nanos() * remaining;
    double time = floor(nanos);
    set(time > left ? time : left + time * (1 - remaining), now);
  }

  /** Forgets all before. */
  public void replace(long nanos, long now) {
    set(floor(nanos), now);
  }

  private static double floor(long nanos) {
    return Math.max(nanos, 1);
  }

  private double remaining(long now, long memory) {
    return Math.exp(-(double) Math.max(now - added(), 0) / memory);
  }

  private void set(double value, long now) {
    CELL.setOpaque(cells, VALUE, Double.doubleToRawLongBits(value));
    CELL.setOpaque(cells, ADDED, now);
  }

  private long read(int cell) {
    return (long) CELL.getOpaque(cells, cell);
  }

  /** The average, for messages. */
  @Override
  public String toString() {
    return isKnown() ? "%.3f ms".formatted(nanos() / 1e6) : "not known";
  }
}
