package io.steelyard.balance.balancer;

import io.steelyard.balance.Balancer;
import io.steelyard.balance.Endpoint;
import io.steelyard.balance.EndpointState;
import java.util.List;

/**
 * {@code weighted-least-connections}: LVS's {@code wlc}: the least overhead for its weight, where
 * an idle connection counts a little, too.
 *
 * <p><b>Rule.</b> The least (active × 256 + inactive) ÷ weight. Active is what is {@linkplain
 * EndpointState#inFlight in flight}. Inactive is, in a proxy, what LVS's connections after the end
 * of the conversation are in a kernel: a connection that the endpoint holds for us without serving
 * anything on it, that is an {@linkplain EndpointState#idle idle connection} kept for reuse, of all
 * event loops. With {@code inactive: false} only what is in flight counts, as in {@link
 * LeastConnections}.
 *
 * <p><b>Source.</b> Linux, net/netfilter/ipvs/ip_vs_wlc.c and {@code ip_vs_dest_conn_overhead} in
 * include/net/ip_vs.h. LVS takes the first of equals; here they take turns by weight ({@link
 * Ranking}).
 *
 * <p><b>When.</b> Parity with LVS; endpoints for which connections are dear (a process or much
 * memory each). Not to reuse connections as much as can be: of endpoints equally busy it prefers
 * the one with the fewest idle connections.
 */
final class WeightedLeastConnections implements Score {
  static final Option<Boolean> INACTIVE = Option.flag("inactive", true);

  static final BalancerFactory FACTORY =
      new BalancerFactory() {
        @Override
        public String name() {
          return "weighted-least-connections";
        }

        @Override
        public List<Option<?>> options() {
          return List.of(INACTIVE);
        }

        @Override
        public Balancer create(List<Endpoint> ready, BalancerOptions options) {
          return new Least(ready, new WeightedLeastConnections(options.get(INACTIVE)));
        }
      };

  /** What an active connection weighs in inactive ones. */
  private static final int ACTIVE = 256;

  private final boolean countsInactive;

  WeightedLeastConnections(boolean countsInactive) {
    this.countsInactive = countsInactive;
  }

  /** Quotients of whole numbers below 2^26 are ordered in a double as they are exactly. */
  @Override
  public double of(Endpoint endpoint) {
    return (double) overhead(endpoint.state()) / endpoint.weight();
  }

  private long overhead(EndpointState state) {
    return (long) state.inFlight() * ACTIVE + (countsInactive ? state.idle() : 0);
  }

  @Override
  public String rule() {
    return "the least (active × 256 + inactive) ÷ weight; equals take turns by weight";
  }

  @Override
  public String detail(Endpoint endpoint) {
    var state = endpoint.state();
    return "active %d, inactive %d, weight %d"
        .formatted(state.inFlight(), countsInactive ? state.idle() : 0, endpoint.weight());
  }
}
