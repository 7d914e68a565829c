package io.steelyard.proxy.pool;

import io.steelyard.balance.Endpoint;
import io.steelyard.balance.limit.Traffic;
import io.steelyard.model.EndpointLimits;
import io.steelyard.model.Limits;
import java.util.List;

/**
 * The limits of connections and repeated attempts, of a pool and each of its endpoints, as one
 * event loop keeps to them: who would go beyond one is not chosen. What is in use is counted over
 * all event loops; as it is looked at before it is used, each loop may go beyond a limit by one.
 *
 * <p>During one choice the answer for an endpoint stays the same. Belongs to its event loop.
 */
public final class TrafficGate {
  private final Limits limits;
  private final Traffic pool;
  private final List<EndpointConnections> connections;
  private final int[] lookedAt;
  private final Refusal[] found;
  private int choice;
  private Refusal refusal = Refusal.NO_ENDPOINT;

  TrafficGate(Limits limits, Traffic pool, List<EndpointConnections> connections) {
    this.limits = limits;
    this.pool = pool;
    this.connections = connections;
    this.lookedAt = new int[connections.size()];
    this.found = new Refusal[connections.size()];
  }

  /** Another choice begins. */
  void begin() {
    choice++;
    refusal = Refusal.NO_ENDPOINT;
  }

  /** Why endpoints were refused in this choice; NO_ENDPOINT when none was. */
  Refusal refusal() {
    return refusal;
  }

  /**
   * Whether an endpoint may be used.
   *
   * @param again for an attempt that follows a failed one
   */
  public boolean admits(Endpoint endpoint, boolean again) {
    int index = endpoint.index();
    if (lookedAt[index] != choice) {
      lookedAt[index] = choice;
      found[index] = look(connections.get(index), again);
      if (found[index] != Refusal.NO_ENDPOINT) {
        refusal = found[index];
      }
    }
    return found[index] == Refusal.NO_ENDPOINT;
  }

  /** NO_ENDPOINT stands for no refusal. */
  private Refusal look(EndpointConnections home, boolean again) {
    EndpointLimits each = limits.perEndpoint();
    Traffic used = home.traffic();
    if (again && each.retries() > 0 && used.retries().value() >= each.retries()) {
      return Refusal.IN_FLIGHT;
    }
    if (home.hasRoom()) {
      return Refusal.NO_ENDPOINT;
    }
    if (isOver(used.connections().value(), each.connections())
        || isOver(pool.connections().value(), limits.connections())) {
      return Refusal.CONNECTIONS;
    }
    return isOver(used.connecting().value(), each.connecting())
            || isOver(pool.connecting().value(), limits.connecting())
        ? Refusal.CONNECTING
        : Refusal.NO_ENDPOINT;
  }

  private static boolean isOver(int used, int limit) {
    return limit > 0 && used >= limit;
  }

  /** Takes a place for an attempt that follows a failed one; false when there is none. */
  public boolean enterRetry() {
    if (limits.retries() == 0) {
      pool.retries().enter();
      return true;
    }
    return pool.retries().enterBelow(limits.retries());
  }

  /** The attempt goes to this endpoint. */
  public void retryBegins(Endpoint endpoint) {
    connections.get(endpoint.index()).traffic().retries().enter();
  }

  /** The attempt has ended. */
  public void retryEnded(Endpoint endpoint) {
    connections.get(endpoint.index()).traffic().retries().leave();
    leaveRetry();
  }

  /** There was no endpoint for it. */
  public void leaveRetry() {
    pool.retries().leave();
  }
}
