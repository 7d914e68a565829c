package io.steelyard.proxy.stats;

/** A number that only grows. The owning event loop adds; any thread may read. */
public final class Counter {
  private final long[] values;
  private final int index;

  Counter(long[] values, int index) {
    this.values = values;
    this.index = index;
  }

  /** Adds {@code n}, which is not negative. Only on the owning event loop. */
  public void add(long n) {
    Cells.add(values, index, n);
  }

  /** Adds one. Only on the owning event loop. */
  public void increment() {
    Cells.add(values, index, 1);
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
