package io.steelyard.packet;

/** By what a new connection finds its slot in the table. */
public sealed interface Choice {
  /** By the client's address and port: every connection for itself, the same on every balancer. */
  record ByFlow() implements Choice {}

  /**
   * By the client's network: all its connections go to one endpoint (persistence by source).
   *
   * @param prefixLength how many of the address's first bits count; 32 or 128 for each address for
   *     itself
   */
  record BySource(int prefixLength) implements Choice {}

  /** One slot after the other: round robin, when the slots are filled in turn. */
  record InTurn() implements Choice {}

  /**
   * The endpoint with the fewest connections for its weight, of eight in turn: of all, where there
   * are no more. Slots are filled in turn. LVS's shortest expected delay, (connections + 1) /
   * weight.
   */
  record LeastLoaded() implements Choice {}
}
