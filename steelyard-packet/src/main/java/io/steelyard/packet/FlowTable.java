package io.steelyard.packet;

import io.steelyard.packet.bpf.BpfMap;
import io.steelyard.packet.bpf.Struct;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The connection table: who is silent for too long, and how many are at work. For one thread. */
final class FlowTable {
  private static final int TCP = 6;
  private static final int UDP = 17;

  private final BpfMap flows;
  private final Timeouts timeouts;
  private final Struct key;
  private final Struct flow;
  private final Struct.Field protocol;
  private final Struct.Field seen;
  private final Struct.Field state;
  private final Struct.Field endpoint;
  private final Struct.Field answer;
  private final Struct.Field mode;
  private final Struct.Field loads;
  private final int established;
  private final int ending;
  private final int firstTranslating;

  /** How many connections an endpoint has. */
  static final class Counted {
    long active;
    long inactive;

    /** Of these, what counts for {@link Choice.LeastLoaded}. */
    long loads;
  }

  FlowTable(FamilyObject object, Timeouts timeouts) {
    flows = object.map("flows");
    this.timeouts = timeouts;
    key = object.btf().struct("flow_key");
    flow = object.btf().struct("flow");
    protocol = key.field("protocol");
    seen = flow.field("seen");
    state = flow.field("state");
    endpoint = flow.field("endpoint");
    answer = flow.field("answer");
    mode = flow.field("mode");
    loads = flow.field("loads");
    established = object.number("state", "STATE_ESTABLISHED");
    ending =
        object.number("state", "STATE_FIN_CLIENT")
            | object.number("state", "STATE_FIN_ENDPOINT")
            | object.number("state", "STATE_RESET");
    firstTranslating = object.number("mode", "MODE_NAT");
  }

  /**
   * Visits all.
   *
   * @param now of CLOCK_MONOTONIC, in nanoseconds
   * @param gone numbers of endpoints whose connections are forgotten
   * @return what remains, by the number of the endpoint
   */
  Map<Integer, Counted> sweep(long now, Set<Integer> gone) {
    var counted = new HashMap<Integer, Counted>();
    try (var arena = Arena.ofConfined()) {
      var otherKey = key.allocate(arena);
      var other = flow.allocate(arena);
      flows.forEach((flowKey, entry) -> {
        int number = (int) endpoint.get(entry);
        boolean silent =
            isSilent(flowKey, entry, now)
                && (!translates(entry) || isOtherSilent(flowKey, entry, otherKey, other, now));
        if (silent || gone.contains(number)) {
          return true;
        }
        if (answer.get(entry) == 0) {
          count(counted.computeIfAbsent(number, fresh -> new Counted()), flowKey, entry);
        }
        return false;
      });
    }
    return counted;
  }

  private void count(Counted counted, MemorySegment flowKey, MemorySegment entry) {
    if (protocol.get(flowKey) == TCP && !isActive(state.get(entry))) {
      counted.inactive++;
    } else {
      counted.active++;
    }
    counted.loads += loads.get(entry);
  }

  private boolean isActive(long bits) {
    return (bits & established) != 0 && (bits & ending) == 0;
  }

  private boolean translates(MemorySegment entry) {
    return mode.get(entry) >= firstTranslating;
  }

  private boolean isSilent(MemorySegment flowKey, MemorySegment entry, long now) {
    return now - seen.get(entry) > timeout(protocol.get(flowKey), state.get(entry)).toNanos();
  }

  private Duration timeout(long number, long bits) {
    if (number == UDP) {
      return timeouts.udp();
    }
    if (number != TCP) {
      return timeouts.other();
    }
    if ((bits & ending) != 0) {
      return timeouts.ending();
    }
    return (bits & established) != 0 ? timeouts.established() : timeouts.beginning();
  }

  /** A download keeps its connection although the client says little, and the other way round. */
  private boolean isOtherSilent(
      MemorySegment flowKey,
      MemorySegment entry,
      MemorySegment otherKey,
      MemorySegment other,
      long now) {
    copy(entry, flow.field("destination"), otherKey, key.field("source"));
    copy(entry, flow.field("source"), otherKey, key.field("destination"));
    copy(entry, flow.field("destination_port"), otherKey, key.field("source_port"));
    copy(entry, flow.field("source_port"), otherKey, key.field("destination_port"));
    protocol.set(otherKey, protocol.get(flowKey));
    if (!flows.lookup(otherKey, other)) {
      return true;
    }
    // What the client has said counts for both: an answer's own state never says "established".
    state.set(other, state.get(other) | state.get(entry));
    return isSilent(otherKey, other, now);
  }

  private static void copy(
      MemorySegment from, Struct.Field source, MemorySegment to, Struct.Field target) {
    MemorySegment.copy(from, source.offset(), to, target.offset(), source.size());
  }

  /** Forgets all. */
  void clear() {
    flows.forEach((flowKey, entry) -> true);
  }

  /** How many entries there are. */
  long size() {
    return flows.forEach((flowKey, entry) -> false);
  }
}
