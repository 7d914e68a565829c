package io.steelyard.balance.balancer;

import io.steelyard.balance.Balancer;
import io.steelyard.balance.Endpoint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * {@code ratio}: F5's two kinds of weighted round robin: by pool member, and by node, which is the
 * host that several endpoints of a pool may be ports of.
 *
 * <p><b>Rule.</b> {@code by: endpoint}, the default, is {@link RoundRobin}. With {@code by: host}
 * the hosts take turns in the smooth order of {@link SmoothTurns}, each with the greatest weight
 * among its endpoints, however many these are; the endpoints of a host share its turns evenly, one
 * after the other.
 *
 * <p><b>Source.</b> F5 BIG-IP LTM: "Ratio (member)" and "Ratio (node)".
 *
 * <p><b>Cost.</b> As {@link RoundRobin}. 8 bytes per endpoint.
 *
 * <p><b>When.</b> {@code by: host} when hosts run different numbers of endpoints, and it is the
 * host that is to be loaded in proportion.
 */
final class Ratio implements Turns {
  /** Whom a ratio belongs to. */
  enum By {
    ENDPOINT,
    HOST
  }

  static final Option<By> BY = Option.choice("by", By.ENDPOINT);

  static final BalancerFactory FACTORY =
      new BalancerFactory() {
        @Override
        public String name() {
          return "ratio";
        }

        @Override
        public List<Option<?>> options() {
          return List.of(BY);
        }

        @Override
        public Balancer create(List<Endpoint> ready, BalancerOptions options) {
          return switch (options.get(BY)) {
            case ENDPOINT -> new RoundRobin(ready);
            case HOST -> new RoundRobin(ready, Ratio::new);
          };
        }
      };

  /** Longer periods are not worth their number. */
  private static final long LONG = 1L << 60;

  /** The positions of each host's endpoints. */
  private final int[][] members;

  private final int[] next;
  private final SmoothTurns hosts;
  private final long period;

  Ratio(Endpoint[] endpoints) {
    var byHost = new LinkedHashMap<String, List<Integer>>();
    for (int i = 0; i < endpoints.length; i++) {
      byHost.computeIfAbsent(endpoints[i].address().host(), host -> new ArrayList<>()).add(i);
    }
    members =
        byHost.values().stream()
            .map(some -> some.stream().mapToInt(Integer::intValue).toArray())
            .toArray(int[][]::new);
    next = new int[members.length];
    hosts =
        new SmoothTurns(
            Arrays.stream(members).mapToInt(some -> greatestWeight(endpoints, some)).toArray());
    period = period(hosts.period(), members);
  }

  private Ratio(Ratio other) {
    members = other.members;
    next = other.next.clone();
    hosts = new SmoothTurns(other.hosts);
    period = other.period;
  }

  private static int greatestWeight(Endpoint[] endpoints, int[] members) {
    return Arrays.stream(members).map(i -> endpoints[i].weight()).max().orElse(1);
  }

  /** After so many rounds of the hosts each is at its first endpoint again. */
  private static long period(long round, int[][] members) {
    long rounds = 1;
    for (int[] some : members) {
      rounds *= some.length / greatestCommonDivisor(rounds, some.length);
      if (rounds > LONG / round) {
        return LONG;
      }
    }
    return rounds * round;
  }

  private static long greatestCommonDivisor(long a, long b) {
    return b == 0 ? a : greatestCommonDivisor(b, a % b);
  }

  @Override
  public Turns copy() {
    return new Ratio(this);
  }

  @Override
  public long period() {
    return period;
  }

  @Override
  public int next() {
    int host = hosts.next();
    int member = members[host][next[host]];
    next[host] = next[host] + 1 == members[host].length ? 0 : next[host] + 1;
    return member;
  }
}
