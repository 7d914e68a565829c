package io.steelyard.proxy.http;

import io.steelyard.balance.Lease;
import io.steelyard.model.RetryOn.Failure;
import io.steelyard.proxy.pool.LoopPool;
import io.steelyard.proxy.pool.RetryRules;
import io.steelyard.proxy.pool.TrafficGate;
import io.steelyard.proxy.stats.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Whether another attempt may follow a failed one, and to which endpoint of the pool: what the
 * rules, the budget and the limits of the pool say. Belongs to its exchange.
 */
final class Repeats {
  private final HttpLoop loop;
  private final RequestSelection selection;

  Repeats(HttpLoop loop, RequestSelection selection) {
    this.loop = loop;
    this.selection = selection;
  }

  /** Null when nothing may be repeated after an attempt that ended so. */
  static @Nullable Failure failureOf(Reason reason) {
    return switch (reason) {
      case CONNECT_REFUSED, CONNECT_TIMEOUT, TLS_FAILED, NO_HTTP2 -> Failure.CONNECT;
      case ENDPOINT_REFUSED -> Failure.REFUSED;
      case ENDPOINT_CLOSED, ENDPOINT_RESET -> Failure.RESET;
      case RESPONSE_TIMEOUT -> Failure.TIMEOUT;
      case BAD_ANSWER -> Failure.INVALID;
      default -> null;
    };
  }

  /** Whether it happened before the endpoint did anything: then any request can be repeated. */
  static boolean isBeforeAnything(Failure cause) {
    return cause == Failure.CONNECT || cause == Failure.REFUSED;
  }

  /** What the client is answered when no other attempt follows. */
  static int statusOf(Reason reason) {
    return switch (reason) {
      case CONNECT_TIMEOUT, RESPONSE_TIMEOUT, IDLE_TIMEOUT -> 504;
      case NO_ENDPOINT, ENDPOINT_REFUSED -> 503;
      case HEAD_TOO_LARGE -> 431;
      case INTERNAL -> 500;
      case NOT_SUPPORTED -> 501;
      default -> 502;
    };
  }

  /**
   * Takes a place among the pool's repeated attempts, for {@link #entered} to keep or give back.
   *
   * @param cause what made the attempt before fail; null for its answer
   * @return false when no attempt may follow
   */
  boolean enter(LoopPool from, @Nullable Failure cause) {
    RetryRules rules = from.retries();
    if (selection.attempt() >= rules.attempts()) {
      return false;
    }
    TrafficGate gate = from.gate();
    boolean permitted =
        (isFree(cause) || rules.budget().isLeft(loop.nanoTime()))
            && (gate == null || gate.enterRetry());
    if (permitted) {
      selection.again();
    } else {
      from.stats().retriesDenied.increment();
    }
    return permitted;
  }

  /** Nothing was asked of an endpoint that could not be connected. */
  private static boolean isFree(@Nullable Failure cause) {
    return cause == Failure.CONNECT;
  }

  /**
   * An endpoint that was not tried before or, after a connection that broke or a refusal, any when
   * all were; null when there is none.
   */
  @Nullable Lease lease(LoopPool from, @Nullable Failure cause) {
    Lease next = from.lease(selection);
    if (next == null && (cause == Failure.RESET || cause == Failure.REFUSED)) {
      selection.excludeNone();
      next = from.lease(selection);
    }
    return next;
  }

  /**
   * It is known what follows.
   *
   * @param follows another attempt does, here or elsewhere
   * @param here it goes to an endpoint of the pool
   */
  void entered(LoopPool from, @Nullable Failure cause, boolean follows, boolean here) {
    TrafficGate gate = from.gate();
    if (gate != null && !here) {
      gate.leaveRetry();
    }
    if (follows && !isFree(cause)) {
      from.retries().budget().spend(loop.nanoTime());
    }
  }
}
