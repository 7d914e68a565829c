package io.steelyard.balance.health;

/** What is known about an endpoint. What its administrator wishes is another matter. */
public enum Health {
  /** It takes traffic. */
  UP,
  /** Probes failed, or traffic went so badly that it was taken out. It takes none. */
  DOWN,
  /** Its first probe has not ended yet, or it is not probed now. It takes none. */
  STARTING
}
