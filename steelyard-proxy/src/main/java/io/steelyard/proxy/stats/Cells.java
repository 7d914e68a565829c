package io.steelyard.proxy.stats;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The numbers of one stats object, side by side in one array with a cache line to spare at both
 * ends: numbers of one event loop may share a line, those of two loops never do. One thread writes,
 * any thread reads; opaque access makes each number whole and its changes visible before long, and
 * orders nothing.
 */
final class Cells {
  private static final VarHandle VALUES = MethodHandles.arrayElementVarHandle(long[].class);

  /** 128 bytes: a cache line and its neighbour, which processors fetch together. */
  private static final int PADDING = 16;

  private final long[] values;
  private int used = PADDING;

  Cells(int size) {
    values = new long[PADDING + size + PADDING];
  }

  Counter counter() {
    return new Counter(values, allocate());
  }

  Counter[] counters(int count) {
    Counter[] counters = new Counter[count];
    for (int i = 0; i < count; i++) {
      counters[i] = counter();
    }
    return counters;
  }

  Gauge gauge() {
    return new Gauge(values, allocate());
  }

  private int allocate() {
    if (used == values.length - PADDING) {
      throw new IllegalStateException("all " + (used - PADDING) + " cells are taken");
    }
    return used++;
  }

  /** Adds the other's numbers to these; both were laid out by the same class. */
  void addAll(Cells other) {
    for (int i = PADDING; i < values.length - PADDING; i++) {
      add(values, i, value(other.values, i));
    }
  }

  static long[] padded(int size) {
    return new Cells(size).values;
  }

  static int index(int cell) {
    return PADDING + cell;
  }

  static void add(long[] values, int index, long n) {
    VALUES.setOpaque(values, index, values[index] + n);
  }

  static long value(long[] values, int index) {
    return (long) VALUES.getOpaque(values, index);
  }
}
