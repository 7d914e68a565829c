package io.steelyard.proxy.stats;

/**
 * A number that goes up and down. The owning event loop changes it; any thread may read. What one
 * loop holds is its own share: the sum over all loops is the number to show.
 */
public final class Gauge {
  private final long[] values;
  private final int index;

  Gauge(long[] values, int index) {
    this.values = values;
    this.index = index;
  }

  /** Adds {@code n}, negative to subtract. Only on the owning event loop. */
  public void add(long n) {
    Cells.add(values, index, n);
  }

  /** Adds one. Only on the owning event loop. */
  public void increment() {
    Cells.add(values, index, 1);
  }

  /** Subtracts one. Only on the owning event loop. */
  public void decrement() {
    Cells.add(values, index, -1);
  }

  /** The number as the calling thread sees it: whole, and at most moments old. */
  public long value() {
    return Cells.value(values, index);
  }

  @Override
  public String toString() {
    return Long.toString(value());
  }
}
