package io.steelyard.proxy.pool;

import io.steelyard.proxy.stats.Reason;

/** Why a pool has no endpoint for a request now. */
public enum Refusal {
  /** None can be chosen: all are down, or have weight 0, or have been tried. */
  NO_ENDPOINT(Reason.NO_ENDPOINT),
  /** Those that could be chosen, or the pool, have as much in flight as they may. */
  IN_FLIGHT(Reason.IN_FLIGHT_LIMIT),
  /** A connection would have to be opened, and there are as many as there may be. */
  CONNECTIONS(Reason.CONNECTION_LIMIT),
  /** A connection would have to be opened, and as many as may be are being opened. */
  CONNECTING(Reason.CONNECTING_LIMIT);

  private final Reason reason;

  Refusal(Reason reason) {
    this.reason = reason;
  }

  /** What the client's log record says. */
  public Reason reason() {
    return reason;
  }
}
