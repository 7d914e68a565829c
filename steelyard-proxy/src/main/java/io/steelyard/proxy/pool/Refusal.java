package io.steelyard.proxy.pool;

/** Why a pool has no endpoint for a request now. */
public enum Refusal {
  /** None can be chosen: all are down, or have weight 0, or have been tried. */
  NO_ENDPOINT,
  /** Those that could be chosen, or the pool, have as much in flight as they may. */
  IN_FLIGHT,
  /** A connection would have to be opened, and there are as many as there may be. */
  CONNECTIONS,
  /** A connection would have to be opened, and as many as may be are being opened. */
  CONNECTING
}
