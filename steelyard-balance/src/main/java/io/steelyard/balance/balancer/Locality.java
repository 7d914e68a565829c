package io.steelyard.balance.balancer;

import io.steelyard.balance.Balancer;
import io.steelyard.balance.Endpoint;
import io.steelyard.balance.EndpointState;
import io.steelyard.balance.Explanation;
import io.steelyard.balance.KeySource;
import io.steelyard.balance.Outcome;
import io.steelyard.balance.Selection;
import java.time.Duration;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What {@link LocalityLeastConnections} and {@link ReplicatedLocality} have in common: a key's
 * requests go where they went before, while that endpoint is not overloaded.
 *
 * <pre>
 *   key's endpoints ──► the least busy of them ──► overloaded, and another endpoint half idle?
 *        │ none                                        │ no: it           │ yes
 *        └────────► the least busy of all, which is the key's from then on ◄┘
 * </pre>
 *
 * <p>Busy is what is in flight ÷ (weight × {@code capacity}): more than 1 is overloaded, less than
 * a half is half idle. LVS has no capacity: a server's weight is there the number of connections
 * that it is good for, which is what {@code capacity: 1} says.
 *
 * <p>O(log n) per choice ({@link Ranking}) and the table ({@link LocalityTable}): each event loop
 * has its own, so a key can be at home at as many endpoints as there are event loops.
 */
final class Locality implements Balancer {
  static final Option<KeySource.Kind> KEY =
      Option.choice("key", KeySource.Kind.DESTINATION_ADDRESS);

  static final Option<String> NAME = Option.text("name", "");
  static final Option<Long> CAPACITY = Option.integer("capacity", 1, 1, 1_000_000);
  static final Option<Long> ENTRIES = Option.integer("entries", 16_384, 4, 1 << 24);

  static final Option<Duration> EXPIRES =
      Option.duration(
          "expires", Duration.ofHours(24), Duration.ofSeconds(1), Duration.ofHours(999));

  static final Option<Duration> SHRINK_AFTER =
      Option.duration(
          "shrink-after", Duration.ofMinutes(6), Duration.ofMillis(1), Duration.ofHours(999));

  private static final double OVERLOADED = 1;
  private static final double HALF_IDLE = 0.5;

  private final List<Endpoint> ready;
  private final KeySource source;
  private final int width;
  private final double capacity;
  private final long expires;
  private final long shrinkAfter;
  private final Endpoint[] endpoints;
  private final Positions positions;
  private final Ranking ranking;
  private final LocalityTable table;

  /** What a choice came to: the endpoint's position, and whether it is new to the key. */
  private boolean isNew;

  /**
   * A balancer.
   *
   * @param width how many endpoints a key can have
   */
  Locality(List<Endpoint> ready, BalancerOptions options, int width, Duration shrinkAfter) {
    this.ready = ready;
    this.source = source(options);
    this.width = width;
    this.capacity = options.get(CAPACITY);
    this.expires = options.get(EXPIRES).toNanos();
    this.shrinkAfter = shrinkAfter.toNanos();
    this.endpoints = Weights.chosen(ready);
    this.positions = new Positions(endpoints);
    this.ranking = new Ranking(endpoints, new WeightedLeastConnections(false), Ranking.SCANNED);
    int entries = Integer.highestOneBit(options.get(ENTRIES).intValue() * 2 - 1);
    this.table = new LocalityTable(entries, width);
  }

  static KeySource source(BalancerOptions options) {
    return new KeySource(options.get(KEY), options.get(NAME));
  }

  static Set<KeySource.Kind> needs(BalancerOptions options) {
    return Set.of(options.get(KEY));
  }

  @Override
  public KeySource keySource() {
    return source;
  }

  @Override
  public @Nullable Endpoint select(Selection selection) {
    long now = selection.nanoTime();
    long hash = hash(selection);
    int entry = entry(hash, now);
    int chosen = choose(entry, ranking, selection);
    if (chosen < 0) {
      return null;
    }
    if (isNew) {
      ranking.takeTurn(chosen);
    }
    if (hash != 0) {
      remember(hash, entry, chosen, now);
    }
    return endpoints[chosen];
  }

  /** 0 for a request without a key. */
  private static long hash(Selection selection) {
    return selection.keyLength() < 0
        ? 0
        : LocalityTable.hash(selection.key(), selection.keyLength());
  }

  private int entry(long hash, long now) {
    int entry = hash == 0 ? -1 : table.find(hash);
    return entry >= 0 && now - table.used(entry) > expires ? -1 : entry;
  }

  /** Changes nothing but what the ranking has seen, and {@link #isNew}. */
  private int choose(int entry, Ranking among, Selection selection) {
    int home = entry < 0 ? -1 : leastBusy(entry, selection);
    isNew = false;
    if (home >= 0 && busy(home) <= OVERLOADED) {
      return home;
    }
    int best = among.best(selection);
    if (home >= 0 && (best < 0 || busy(best) >= HALF_IDLE)) {
      return home;
    }
    isNew = true;
    return best;
  }

  private double busy(int position) {
    var endpoint = endpoints[position];
    return endpoint.state().inFlight() / (endpoint.weight() * capacity);
  }

  private int leastBusy(int entry, Selection selection) {
    int least = -1;
    for (int i = 0; i < table.size(entry); i++) {
      int position = table.member(entry, i);
      if (selection.accepts(endpoints[position]) && (least < 0 || busy(position) < busy(least))) {
        least = position;
      }
    }
    return least;
  }

  private void remember(long hash, int known, int chosen, long now) {
    int entry = known;
    if (entry < 0) {
      int expired = table.find(hash);
      entry = expired < 0 ? table.add(hash, now) : cleared(expired, now);
    }
    table.use(entry, now);
    if (table.size(entry) > 1 && now - table.changed(entry) > shrinkAfter) {
      removeBusiest(entry, now);
    }
    if (isNew && !table.has(entry, chosen)) {
      if (table.isFull(entry)) {
        removeBusiest(entry, now);
      }
      table.insert(entry, chosen, now);
    }
  }

  private int cleared(int entry, long now) {
    while (table.size(entry) > 0) {
      table.remove(entry, 0, now);
    }
    return entry;
  }

  private void removeBusiest(int entry, long now) {
    int most = 0;
    for (int i = 1; i < table.size(entry); i++) {
      if (busy(table.member(entry, i)) > busy(table.member(entry, most))) {
        most = i;
      }
    }
    table.remove(entry, most, now);
  }

  @Override
  public void opened(Endpoint endpoint) {
    changed(endpoint);
  }

  @Override
  public void closed(Endpoint endpoint, Outcome outcome, long nanos, long now) {
    changed(endpoint);
  }

  private void changed(Endpoint endpoint) {
    int position = positions.of(endpoint);
    if (position >= 0) {
      ranking.refresh(position);
    }
  }

  @Override
  public Explanation explain(Selection selection) {
    int entry = entry(hash(selection), selection.nanoTime());
    int chosen = choose(entry, ranking.copy(), selection);
    return Explanation.of(
        ready,
        selection,
        chosen < 0 ? null : endpoints[chosen],
        isNew
            ? "the least busy of all: the key has none, or only overloaded ones while others idle"
            : "the least busy of the key's own",
        endpoint -> busy(positions.of(endpoint)),
        endpoint ->
            "in flight %d, weight %d%s"
                .formatted(
                    endpoint.state().inFlight(),
                    endpoint.weight(),
                    entry >= 0 && table.has(entry, positions.of(endpoint)) ? ", the key's" : ""));
  }

  /** Keys stay where they are, if they are still of the same kind. */
  @Override
  public void takeOver(Balancer previous) {
    if (previous instanceof Locality other && other.width == width && other.source.equals(source)) {
      var now = new IdentityHashMap<EndpointState, Integer>();
      for (int i = 0; i < endpoints.length; i++) {
        now.put(endpoints[i].state(), i);
      }
      int[] moved = new int[other.endpoints.length];
      Arrays.setAll(moved, i -> now.getOrDefault(other.endpoints[i].state(), -1));
      table.takeOver(other.table, moved);
      ranking.takeOver(other.ranking);
    }
  }

  /** How many keys it knows. */
  long keys() {
    return table.count();
  }
}
