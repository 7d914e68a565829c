package io.steelyard.balance.balancer;

import static java.util.Objects.requireNonNull;

import io.steelyard.balance.Endpoint;
import io.steelyard.balance.EndpointState;
import io.steelyard.balance.Selection;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Consistent hashing with bounded loads: no endpoint has more in flight than its part by weight of
 * all that is, this request included, times a factor, rounded up. Who has, is passed over as if it
 * were not accepted; when all have, nobody is.
 *
 * <p>Up to {@value #SCANNED} endpoints are counted at every choice. Of more, the sum is kept: this
 * event loop's leases are counted at once, and those of others as {@value #REFRESHED} endpoints are
 * looked at again after every choice. The endpoint itself is always counted exactly.
 *
 * <p>Source: V. Mirrokni, M. Thorup, M. Zadimoghaddam, "Consistent hashing with bounded loads",
 * arXiv:1608.01350; HAProxy's {@code hash-balance-factor}, which divides the remainder otherwise.
 */
final class BoundedLoad implements Selection {
  private static final int SCANNED = 64;
  private static final int REFRESHED = 8;

  private final EndpointState[] states;

  /** Where the endpoint of each {@link Endpoint#index} is; or -1. */
  private final int[] positions;

  private final double factor;
  private final long weights;

  /** In flight, as last seen; of those alone that are not counted at every choice. */
  private final int[] seen;

  private long sum;
  private int refreshed;
  private double perWeight;
  private @Nullable Selection selection;

  /**
   * A bound for these endpoints.
   *
   * @param endpoints each of weight 1 or more
   * @param factor more than 1
   */
  BoundedLoad(Endpoint[] endpoints, double factor) {
    this.factor = factor;
    states = new EndpointState[endpoints.length];
    int highest = Arrays.stream(endpoints).mapToInt(Endpoint::index).max().orElse(-1);
    positions = new int[highest + 1];
    Arrays.fill(positions, -1);
    long total = 0;
    for (int i = 0; i < endpoints.length; i++) {
      states[i] = endpoints[i].state();
      positions[endpoints[i].index()] = i;
      total += endpoints[i].weight();
    }
    weights = total;
    seen = new int[states.length > SCANNED ? states.length : 0];
    for (int i = 0; i < seen.length; i++) {
      look(i);
    }
  }

  /** The selection within these bounds, until {@link #done}. */
  Selection within(Selection unbounded) {
    selection = unbounded;
    perWeight = perWeight();
    return this;
  }

  void done() {
    selection = null;
  }

  private double perWeight() {
    long all = sum;
    if (seen.length == 0) {
      all = 0;
      for (var state : states) {
        all += state.inFlight();
      }
    }
    return factor * (all + 1) / weights;
  }

  /** Whether one more is within the bound, as it was when it was last asked for. */
  boolean hasRoom(Endpoint endpoint) {
    return endpoint.state().inFlight() < capacity(endpoint);
  }

  private double capacity(Endpoint endpoint) {
    return Math.ceil(perWeight * endpoint.weight());
  }

  String describe(Endpoint endpoint) {
    return endpoint.state().inFlight() + " in flight, at most " + (long) capacity(endpoint);
  }

  void changed(Endpoint endpoint) {
    int index = endpoint.index();
    if (seen.length > 0 && index < positions.length && positions[index] >= 0) {
      look(positions[index]);
    }
  }

  /** After a choice: looks at some more of many endpoints. */
  void refresh() {
    for (int i = 0; i < REFRESHED && seen.length > 0; i++) {
      look(refreshed);
      refreshed = refreshed + 1 == seen.length ? 0 : refreshed + 1;
    }
  }

  private void look(int position) {
    int inFlight = states[position].inFlight();
    sum += inFlight - seen[position];
    seen[position] = inFlight;
  }

  private Selection selection() {
    return requireNonNull(selection, "selection");
  }

  @Override
  public boolean accepts(Endpoint endpoint) {
    return hasRoom(endpoint) && selection().accepts(endpoint);
  }

  @Override
  public byte[] key() {
    return selection().key();
  }

  @Override
  public int keyLength() {
    return selection().keyLength();
  }

  @Override
  public int attempt() {
    return selection().attempt();
  }

  @Override
  public RandomGenerator random() {
    return selection().random();
  }

  @Override
  public long nanoTime() {
    return selection().nanoTime();
  }
}
