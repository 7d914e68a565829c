package io.steelyard.balance.placement;

import io.steelyard.balance.Endpoint;
import io.steelyard.balance.Selection;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Each endpoint has its ranges of numbers. A key has no other endpoint than that of its range: when
 * that is not accepted or not there, or the number is in no range, nobody has it.
 */
public final class Ranges implements Placement {
  private final long[] begins;
  private final long[] ends;
  private final @Nullable Endpoint[] owners;

  /** Endpoints by the ranges of a table; those that the table names and are not there stay away. */
  public Ranges(RangeTable table, List<Endpoint> endpoints) {
    Map<String, Endpoint> byName = new HashMap<>();
    for (var endpoint : endpoints) {
      byName.put(endpoint.name(), endpoint);
    }
    var ranges = table.ranges();
    begins = new long[ranges.size()];
    ends = new long[begins.length];
    owners = new @Nullable Endpoint[begins.length];
    for (int i = 0; i < begins.length; i++) {
      begins[i] = ranges.get(i).from();
      ends[i] = ranges.get(i).to();
      owners[i] = byName.get(ranges.get(i).endpoint());
    }
  }

  @Override
  public @Nullable Endpoint place(byte[] key, int from, int to, Selection selection) {
    int at = find(KeyNumber.of(key, from, to));
    var owner = at < 0 ? null : owners[at];
    return owner != null && selection.accepts(owner) ? owner : null;
  }

  @Override
  public boolean isStrict() {
    return true;
  }

  private int find(long number) {
    int found = Arrays.binarySearch(begins, number);
    int at = found >= 0 ? found : -found - 2;
    return at >= 0 && number <= ends[at] ? at : -1;
  }

  @Override
  public String rule(byte[] key, int from, int to) {
    long number = KeyNumber.of(key, from, to);
    int at = find(number);
    return number + (at < 0 ? " is in no range" : " is in " + begins[at] + "-" + ends[at]);
  }
}
