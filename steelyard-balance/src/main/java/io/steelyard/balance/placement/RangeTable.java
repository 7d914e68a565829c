package io.steelyard.balance.placement;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Ranges of numbers and the endpoints that have them. They follow on each other without gap or
 * overlap, whatever order they are given in. Immutable.
 *
 * @param ranges in ascending order, none only in an empty table
 */
public record RangeTable(List<Range> ranges) {
  /**
   * Checks and sorts.
   *
   * @throws IllegalArgumentException when there is a gap or an overlap; the message says between
   *     which ranges, counted from 1 in the order in which they were given
   */
  public RangeTable {
    check(ranges);
    ranges = ranges.stream().sorted(Comparator.comparingLong(Range::from)).toList();
  }

  /**
   * Numbers that belong together.
   *
   * @param from the first
   * @param to the last
   * @param endpoint the address of the endpoint that has them
   */
  public record Range(long from, long to, String endpoint) {
    public Range {
      requireNonNull(endpoint, "endpoint");
      if (from < 0 || to < from) {
        throw new IllegalArgumentException(
            "range " + from + "-" + to + " is none, expected 0 <= from <= to");
      }
    }

    @Override
    public String toString() {
      return from + "-" + to;
    }
  }

  private static void check(List<Range> given) {
    var positions = new ArrayList<Integer>();
    for (int i = 0; i < given.size(); i++) {
      positions.add(i);
    }
    positions.sort(Comparator.comparingLong(i -> given.get(i).from()));
    for (int i = 1; i < positions.size(); i++) {
      int first = positions.get(i - 1);
      int second = positions.get(i);
      long end = given.get(first).to();
      long begin = given.get(second).from();
      if (begin <= end) {
        throw new IllegalArgumentException(
            named(given, second) + " overlaps " + named(given, first) + ", expected no overlap");
      }
      if (begin > end + 1) {
        throw new IllegalArgumentException(
            "gap "
                + new Range(end + 1, begin - 1, "")
                + " between "
                + named(given, first)
                + " and "
                + named(given, second)
                + ", expected no gap");
      }
    }
  }

  private static String named(List<Range> given, int position) {
    return "range " + (position + 1) + " (" + given.get(position) + ")";
  }

  /**
   * This table and one more range: no key of the others moves.
   *
   * @throws IllegalArgumentException when it overlaps one, or leaves a gap
   */
  public RangeTable with(Range range) {
    var more = new ArrayList<>(ranges);
    more.add(range);
    return new RangeTable(more);
  }
}
