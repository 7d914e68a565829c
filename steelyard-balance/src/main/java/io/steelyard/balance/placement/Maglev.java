package io.steelyard.balance.placement;

import io.steelyard.balance.Endpoint;
import io.steelyard.balance.EndpointState;
import io.steelyard.balance.Selection;
import io.steelyard.balance.hash.KeyHash;
import io.steelyard.balance.hash.XxHash64;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Maglev hashing: a table of a prime number of slots, which the endpoints fill in turn, each in an
 * order of its own. Slots by weight to within one or two, one look per key, and when an endpoint
 * comes or goes little moves beyond what has to.
 *
 * <p><b>Rule.</b> The paper's, with the table, the weights and the hashes of Envoy
 * (source/extensions/load_balancing_policies/maglev): an endpoint's order starts at xxHash64 of its
 * address, modulo the slots, and steps by that of seed 1, modulo slots - 1, plus 1; in round t
 * those have a turn for whom t · weight has reached the next multiple of the greatest weight.
 *
 * <p><b>Refused.</b> The slots that follow, {@value #PATIENCE} at most (neighbours in the table are
 * as good as drawn by lot), then the endpoints in the configuration's order.
 *
 * <p><b>Source.</b> D. E. Eisenbud and others, "Maglev: a fast and reliable software network load
 * balancer", NSDI 2016, section 3.4.
 */
public final class Maglev implements Placement {
  private static final int PATIENCE = 64;

  private final KeyHash hash;
  private final int size;
  private final Endpoint[] endpoints;
  private @Nullable Maglev previous;
  private @Nullable Built built;

  /** An endpoint's order of slots. */
  private record Steps(int start, int step) {}

  /** What is made when it is first needed. */
  private record Built(Endpoint[] slots, Map<EndpointState, Steps> steps) {}

  /**
   * A table over these endpoints.
   *
   * @param hash of 64 bits; one of 32 is enough for the usual size
   * @param size a prime, a hundred times as many as there are endpoints or more
   * @param endpoints each of weight 1 or more
   */
  public Maglev(KeyHash hash, int size, Endpoint[] endpoints) {
    this.hash = hash;
    this.size = size;
    this.endpoints = endpoints;
  }

  @Override
  public @Nullable Endpoint place(byte[] key, int from, int to, Selection selection) {
    if (endpoints.length < 2) {
      return Order.from(endpoints, 0, selection);
    }
    var slots = built().slots;
    int slot = slot(key, from, to);
    var home = slots[slot];
    return selection.accepts(home) ? home : goOn(slots, slot, selection);
  }

  private int slot(byte[] key, int from, int to) {
    return (int) Long.remainderUnsigned(hash.of(key, from, to), size);
  }

  private @Nullable Endpoint goOn(Endpoint[] slots, int slot, Selection selection) {
    var home = slots[slot];
    int at = slot;
    for (int i = 0; i < PATIENCE; i++) {
      at = at + 1 == size ? 0 : at + 1;
      var next = slots[at];
      if (next != home && selection.accepts(next)) {
        return next;
      }
    }
    return Order.after(endpoints, home, selection);
  }

  @Override
  public String rule(byte[] key, int from, int to) {
    if (endpoints.length < 2) {
      return "there is no other";
    }
    return "hash "
        + Order.hex(hash.of(key, from, to))
        + ", slot "
        + slot(key, from, to)
        + " of "
        + size;
  }

  @Override
  public void follow(Placement other) {
    if (other instanceof Maglev maglev && maglev.size == size) {
      previous = maglev.built == null ? maglev.previous : maglev;
    }
  }

  /** Who has each slot. */
  Endpoint[] slots() {
    return built().slots;
  }

  private Built built() {
    var made = built;
    if (made == null) {
      var steps = steps();
      made = new Built(fill(steps), byState(steps));
      built = made;
      previous = null;
    }
    return made;
  }

  private Steps[] steps() {
    var known = previous == null || previous.built == null ? null : previous.built.steps;
    var steps = new Steps[endpoints.length];
    for (int i = 0; i < steps.length; i++) {
      var old = known == null ? null : known.get(endpoints[i].state());
      steps[i] = old == null ? steps(endpoints[i]) : old;
    }
    return steps;
  }

  private Steps steps(Endpoint endpoint) {
    byte[] name = Text.latin(endpoint.name());
    long start = XxHash64.hash(name, 0, name.length, 0);
    long step = XxHash64.hash(name, 0, name.length, 1);
    return new Steps(
        (int) Long.remainderUnsigned(start, size),
        (int) Long.remainderUnsigned(step, size - 1L) + 1);
  }

  private Map<EndpointState, Steps> byState(Steps[] steps) {
    var byState = new IdentityHashMap<EndpointState, Steps>(steps.length);
    for (int i = 0; i < steps.length; i++) {
      byState.put(endpoints[i].state(), steps[i]);
    }
    return byState;
  }

  private Endpoint[] fill(Steps[] steps) {
    var table = new int[size];
    int[] next = new int[steps.length];
    for (int i = 0; i < next.length; i++) {
      next[i] = steps[i].start;
    }
    var rounds = new Rounds(endpoints);
    for (int filled = 0; filled < size; filled++) {
      int endpoint = rounds.next();
      int step = steps[endpoint].step;
      int slot = next[endpoint];
      while (table[slot] != 0) {
        slot += step;
        slot = slot >= size ? slot - size : slot;
      }
      table[slot] = endpoint + 1;
      slot += step;
      next[endpoint] = slot >= size ? slot - size : slot;
    }
    var slots = new Endpoint[size];
    for (int i = 0; i < size; i++) {
      slots[i] = endpoints[table[i] - 1];
    }
    return slots;
  }
}
