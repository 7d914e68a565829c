package io.steelyard.balance;

import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A selection that refuses endpoints with as much in flight as they may have, and is otherwise the
 * request's own. So every balancer passes over them by the rule that it has for endpoints that are
 * not accepted, and knows of no limits; whether a request that finds nobody is refused or waits is
 * up to who asked. Reused; belongs to a pool's event loop.
 *
 * <p>During one choice each endpoint is looked at once: {@link Selection#accepts} must not change
 * its mind when another event loop opens or closes something.
 */
final class Capacity implements Selection {
  private @Nullable Selection request;

  /** In which choice each endpoint was looked at last, and what was found. */
  private final int[] lookedAt;

  private final boolean[] hasRoom;
  private int choice;
  private boolean hasRefused;

  private Capacity(int endpoints) {
    lookedAt = new int[endpoints];
    hasRoom = new boolean[endpoints];
  }

  /**
   * Null when none of the endpoints has a limit: then there is nothing to do.
   *
   * @param adaptive whether they may get limits later
   */
  static @Nullable Capacity of(List<Endpoint> endpoints, boolean adaptive) {
    return adaptive || endpoints.stream().anyMatch(endpoint -> endpoint.maxInFlight() > 0)
        ? new Capacity(endpoints.size())
        : null;
  }

  /** This, for another choice. */
  Selection begin(Selection asked) {
    request = asked;
    choice++;
    hasRefused = false;
    return this;
  }

  @Override
  public boolean accepts(Endpoint endpoint) {
    return request().accepts(endpoint) && hasRoom(endpoint);
  }

  /** The lower of an endpoint's limits. */
  static int mostInFlight(Endpoint endpoint) {
    int configured = endpoint.maxInFlight();
    int found = endpoint.state().limit();
    return Math.min(
        configured == 0 ? Integer.MAX_VALUE : configured, found == 0 ? Integer.MAX_VALUE : found);
  }

  /** Whether somebody would have been accepted, had there been room. */
  boolean hasRefused() {
    return hasRefused;
  }

  private boolean hasRoom(Endpoint endpoint) {
    int index = endpoint.index();
    if (lookedAt[index] != choice) {
      lookedAt[index] = choice;
      int most = mostInFlight(endpoint);
      hasRoom[index] = most == Integer.MAX_VALUE || endpoint.state().inFlight() < most;
    }
    hasRefused |= !hasRoom[index];
    return hasRoom[index];
  }

  private Selection request() {
    var asked = request;
    if (asked == null) {
      throw new IllegalStateException("no choice has begun");
    }
    return asked;
  }

  @Override
  public byte[] key() {
    return request().key();
  }

  @Override
  public int keyLength() {
    return request().keyLength();
  }

  @Override
  public int attempt() {
    return request().attempt();
  }

  @Override
  public RandomGenerator random() {
    return request().random();
  }

  @Override
  public long nanoTime() {
    return request().nanoTime();
  }
}
