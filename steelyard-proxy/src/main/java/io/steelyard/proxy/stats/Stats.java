package io.steelyard.proxy.stats;

import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The stats of all event loops of one process. The sums are copies, made anew at each call, as the
 * calling thread sees the loops at that moment: numbers of one sum may be of slightly different
 * moments.
 */
public final class Stats {
  private final List<LoopStats> loops;

  /** Stats for so many event loops, at least one. */
  public Stats(int loops) {
    if (loops < 1) {
      throw new IllegalArgumentException("loops is " + loops + ", expected at least 1");
    }
    this.loops = IntStream.range(0, loops).mapToObj(i -> new LoopStats()).toList();
  }

  /** How many event loops there are. */
  public int loops() {
    return loops.size();
  }

  /** The stats that the event loop with this number, from 0, writes. */
  public LoopStats loop(int index) {
    return loops.get(index);
  }

  /** One listener, summed over the loops; all zero when nobody has asked for one by that name. */
  public ListenerStats listener(String name) {
    ListenerStats sum = new ListenerStats();
    loops.stream()
        .map(loop -> loop.listeners().get(name))
        .filter(Objects::nonNull)
        .forEach(sum::addAll);
    return sum;
  }

  /**
   * One pool with its endpoints, summed over the loops; all zero when nobody has asked for one by
   * that name.
   */
  public PoolStats pool(String name) {
    PoolStats sum = new PoolStats();
    loops.stream()
        .map(loop -> loop.pools().get(name))
        .filter(Objects::nonNull)
        .forEach(sum::addAll);
    return sum;
  }

  /** The listeners by name, summed over the loops. */
  public SortedMap<String, ListenerStats> listeners() {
    SortedMap<String, ListenerStats> sums = new TreeMap<>();
    loops.stream()
        .flatMap(loop -> loop.listeners().keySet().stream())
        .forEach(name -> sums.computeIfAbsent(name, this::listener));
    return sums;
  }

  /** The pools by name, with their endpoints, summed over the loops. */
  public SortedMap<String, PoolStats> pools() {
    SortedMap<String, PoolStats> sums = new TreeMap<>();
    loops.stream()
        .flatMap(loop -> loop.pools().keySet().stream())
        .forEach(name -> sums.computeIfAbsent(name, this::pool));
    return sums;
  }
}
