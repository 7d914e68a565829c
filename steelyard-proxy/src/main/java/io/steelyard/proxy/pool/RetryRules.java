package io.steelyard.proxy.pool;

import io.steelyard.balance.limit.RetryBudget;
import io.steelyard.model.Retries;
import io.steelyard.model.RetryOn;
import io.steelyard.model.RetryOn.Failure;
import java.util.EnumSet;
import java.util.Set;

/**
 * When a failed attempt may be followed by another, as a pool's settings have it; whether the
 * request can be repeated is its protocol's to know. Belongs to an event loop.
 */
public final class RetryRules {
  private static final int STATUSES = 600;

  private final int attempts;
  private final long heldLimit;
  private final Set<Failure> failures = EnumSet.noneOf(Failure.class);
  private final boolean[] statuses = new boolean[STATUSES];
  private final boolean anyStatus;
  private int grpcStatuses;
  private final RetryBudget budget;

  RetryRules(Retries settings, int loops, long now) {
    attempts = settings.attempts();
    heldLimit = settings.held().bytes();
    settings.on().forEach(this::add);
    anyStatus = attempts > 0 && settings.on().stream().anyMatch(on -> on.statuses() != null);
    budget =
        new RetryBudget(
            settings.budget().share() / 100.0, (double) settings.budget().floor() / loops, now);
  }

  private void add(RetryOn on) {
    var failure = on.failure();
    if (failure != null) {
      failures.add(failure);
    }
    var grpc = on.grpc();
    if (grpc != null && attempts > 0) {
      grpcStatuses |= 1 << grpc.code();
    }
    var chosen = on.statuses();
    for (int status = 0; chosen != null && status < STATUSES; status++) {
      statuses[status] |= chosen.contains(status);
    }
  }

  /** How many attempts may follow the first. */
  public int attempts() {
    return attempts;
  }

  /** How many bytes of a request are held to be sent again. */
  public long heldLimit() {
    return heldLimit;
  }

  /** Whether another attempt may follow such a failure. */
  public boolean covers(Failure failure) {
    return failures.contains(failure);
  }

  /** Whether another attempt may follow an answer with this status, 100 to 599. */
  public boolean covers(int status) {
    return anyStatus && statuses[status];
  }

  /** The same for a status of gRPC; -1 for none. */
  public boolean coversGrpc(int status) {
    return status >= 0 && status < Integer.SIZE - 1 && (grpcStatuses & 1 << status) != 0;
  }

  /** How many attempts may follow others in all. */
  public RetryBudget budget() {
    return budget;
  }
}
