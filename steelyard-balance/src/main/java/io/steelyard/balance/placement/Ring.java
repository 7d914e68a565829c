package io.steelyard.balance.placement;

import java.util.Arrays;

/**
 * Points on a circle of 2^32 places, each with a number that says whose it is. Immutable.
 *
 * <p>Found in O(1): an index by the highest bits says where to begin, and as the points are spread
 * evenly, few lie between there and the place that is looked for. Built in O(points).
 */
final class Ring {
  private static final long LOW = 0xffff_ffffL;
  private static final int MOST_BITS = 24;

  /** What is below this in one part of the index is sorted by insertion. */
  private static final int FEW = 32;

  /** The place in the high half, the number in the low half; in ascending order. */
  private final long[] points;

  /** Where in {@link #points} each part of the circle begins. */
  private final int[] starts;

  private final int shift;

  private Ring(long[] points, int[] starts, int shift) {
    this.points = points;
    this.starts = starts;
    this.shift = shift;
  }

  /** A point as {@link #of} takes it. */
  static long point(int place, int number) {
    return (long) place << 32 | (number & LOW);
  }

  /** The circle of these points, in any order; at least one. */
  static Ring of(long[] unsorted) {
    int shift = shift(unsorted.length);
    int[] starts = new int[(1 << (32 - shift)) + 1];
    for (long point : unsorted) {
      starts[(int) (point >>> (32 + shift)) + 1]++;
    }
    for (int i = 1; i < starts.length; i++) {
      starts[i] += starts[i - 1];
    }
    long[] sorted = new long[unsorted.length];
    int[] next = Arrays.copyOf(starts, starts.length - 1);
    for (long point : unsorted) {
      sorted[next[(int) (point >>> (32 + shift))]++] = point;
    }
    for (int i = 1; i < starts.length; i++) {
      sort(sorted, starts[i - 1], starts[i]);
    }
    return new Ring(sorted, starts, shift);
  }

  /** This with more points: O(points), and faster than {@link #of} when they are few. */
  Ring with(long[] unsorted) {
    var others = of(unsorted).points;
    long[] all = new long[points.length + others.length];
    int mine = 0;
    int theirs = 0;
    while (theirs < others.length) {
      int until = mine;
      while (until < points.length && Long.compareUnsigned(points[until], others[theirs]) < 0) {
        until++;
      }
      System.arraycopy(points, mine, all, mine + theirs, until - mine);
      mine = until;
      all[mine + theirs] = others[theirs];
      theirs++;
    }
    System.arraycopy(points, mine, all, mine + theirs, points.length - mine);
    return ofSorted(all);
  }

  private static Ring ofSorted(long[] sorted) {
    int shift = shift(sorted.length);
    int[] starts = new int[(1 << (32 - shift)) + 1];
    int part = 0;
    for (int i = 0; i < sorted.length; i++) {
      int of = (int) (sorted[i] >>> (32 + shift));
      while (part < of) {
        starts[++part] = i;
      }
    }
    Arrays.fill(starts, part + 1, starts.length, sorted.length);
    return new Ring(sorted, starts, shift);
  }

  /** Two parts at least, so that the shift of an int is one. */
  private static int shift(int points) {
    int bits = 32 - Integer.numberOfLeadingZeros(Math.max(points - 1, 1));
    return 32 - Math.min(bits, MOST_BITS);
  }

  /** Within a part the highest bit is the same: signed and unsigned order agree. */
  private static void sort(long[] array, int from, int to) {
    if (to - from > FEW) {
      Arrays.sort(array, from, to);
      return;
    }
    for (int i = from + 1; i < to; i++) {
      long point = array[i];
      int at = i;
      for (; at > from && array[at - 1] > point; at--) {
        array[at] = array[at - 1];
      }
      array[at] = point;
    }
  }

  int size() {
    return points.length;
  }

  /** The index of the first point at this place or after it; past the last comes the first. */
  int at(int place) {
    long wanted = place & LOW;
    int i = starts[place >>> shift];
    while (i < points.length && points[i] >>> 32 < wanted) {
      i++;
    }
    return i == points.length ? 0 : i;
  }

  /** Whose a point is. */
  int number(int index) {
    return (int) points[index];
  }

  /** Where a point is. */
  int place(int index) {
    return (int) (points[index] >>> 32);
  }

  int after(int index) {
    return index + 1 == points.length ? 0 : index + 1;
  }

  int before(int index) {
    return index == 0 ? points.length - 1 : index - 1;
  }
}
