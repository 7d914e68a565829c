package io.steelyard.packet;

import io.steelyard.packet.bpf.BpfMap;
import io.steelyard.packet.bpf.Struct;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * How many connections the endpoints of services with {@link Choice.LeastLoaded} have. Programs
 * count while they run; what they cannot see (who is silent, who was pushed out) is set right at
 * each sweep. For one thread.
 */
final class LoadTable {
  private final BpfMap loads;
  private final Struct layout;
  private final Struct.Field connections;
  private final Struct.Field weight;
  private final Set<Integer> known = new HashSet<>();

  LoadTable(FamilyObject object) {
    loads = object.map("loads");
    layout = object.btf().struct("load");
    connections = layout.field("connections");
    weight = layout.field("weight");
  }

  /**
   * The endpoints of a table with the shares that they have of it.
   *
   * @param numbers of the endpoints
   * @param slots how many each has
   */
  void put(int[] numbers, int[] slots) {
    try (var arena = Arena.ofConfined()) {
      var entry = layout.allocate(arena);
      for (int i = 0; i < numbers.length; i++) {
        var key = number(arena, numbers[i]);
        loads.lookup(key, entry);
        if (known.add(numbers[i])) {
          connections.set(entry, 0); // of whoever had the number before; a sweep knows better
        }
        weight.set(entry, slots[i]);
        loads.update(key, entry);
      }
    }
  }

  /** What a sweep has counted. */
  void count(Map<Integer, FlowTable.Counted> counted) {
    try (var arena = Arena.ofConfined()) {
      var entry = layout.allocate(arena);
      for (int number : known) {
        var key = number(arena, number);
        loads.lookup(key, entry);
        var now = counted.get(number);
        connections.set(entry, now == null ? 0 : now.loads);
        loads.update(key, entry);
      }
    }
  }

  /** These numbers are nobody's any more. */
  void forget(Set<Integer> gone) {
    known.removeAll(gone);
  }

  private static MemorySegment number(Arena arena, int value) {
    return arena.allocateFrom(ValueLayout.JAVA_INT, value);
  }
}
