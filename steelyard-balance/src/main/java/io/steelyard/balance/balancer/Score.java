package io.steelyard.balance.balancer;

import io.steelyard.balance.Balancer;
import io.steelyard.balance.Endpoint;
import io.steelyard.balance.Outcome;

/**
 * What {@link Least} compares endpoints by: an algorithm of the least-something family. One for
 * each balancer, used by its event loop alone.
 */
interface Score {
  /**
   * The endpoint's score: the least is chosen. Reads, changes nothing, allocates nothing; not NaN.
   */
  double of(Endpoint endpoint);

  /** In which proportion endpoints of equal scores are chosen; more than 0. */
  default double share(Endpoint endpoint) {
    return endpoint.weight();
  }

  /** What decides, in a sentence, for explanations. */
  String rule();

  /** How the score came about, for explanations. */
  String detail(Endpoint endpoint);

  /** See {@link Balancer#opened}. */
  default void opened(Endpoint endpoint) {}

  /**
   * See {@link Balancer#connected}.
   *
   * @param isTrial see {@link #closed}
   */
  default void connected(Endpoint endpoint, long nanos, long now, boolean isTrial) {}

  /**
   * See {@link Balancer#closed}.
   *
   * @param isTrial the endpoint had been passed over for long and was given a {@linkplain
   *     SecondChances second chance}: what it shows now counts for more than what it did before
   */
  default void closed(Endpoint endpoint, Outcome outcome, long nanos, long now, boolean isTrial) {}

  /**
   * A choice was made: time for what is to be done now and then. The choice just made is not
   * affected.
   */
  default void passed(long now) {}

  /** See {@link Balancer#usesLoadReports}. */
  default boolean usesLoadReports() {
    return false;
  }

  /** Goes on where another score of the same class stopped. */
  default void takeOver(Score previous) {}
}
