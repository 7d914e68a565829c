package io.steelyard.balance.decorate;

import io.steelyard.balance.Balancer;
import io.steelyard.balance.BalancerMaker;
import io.steelyard.balance.Endpoint;
import io.steelyard.balance.Explanation;
import io.steelyard.balance.KeySource;
import io.steelyard.balance.Outcome;
import io.steelyard.balance.Selection;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Prefers endpoints of the zone where this process stands, as long as these can take the zone's
 * part of the traffic.
 *
 * <p><b>Rule.</b> Each zone that has endpoints is taken to give rise to the same traffic, 1 ÷
 * zones; its endpoints can take their part of the weight of all that are ready. Where that is no
 * less, all requests stay in the zone. Where it is less, so many stay as the weight suffices for,
 * and the rest is spread over the zones that have weight to spare, in proportion to what they can
 * spare. Endpoints without a zone belong to no one's: they have all their weight to spare. A
 * request with a key goes to a zone by its key; others are drawn. What a zone does not accept, the
 * others are asked for.
 *
 * <p><b>Source.</b> Envoy, "Zone aware routing" (residual capacities), with equal traffic for each
 * zone in place of the counts of its own cluster.
 *
 * <p><b>Cost.</b> A call where the zone suffices; else a draw, or a hash of the key.
 */
final class Zones extends Decorator {
  private static final int LOCAL = 0;

  private final Parts parts = new Parts();
  private final String zone;

  /** Up to which number, of 0 to 1, requests go to each part. */
  private final double[] upTo;

  Zones(String zone, BalancerMaker maker, List<Endpoint> all, List<Endpoint> ready) {
    this.zone = zone;
    var names = new TreeSet<String>();
    all.forEach(endpoint -> names.add(endpoint.zone()));
    add(zone, maker, all, ready);
    names.remove(zone);
    names.forEach(name -> add(name, maker, all, ready));
    int givingRise = names.size() + (names.contains("") ? 0 : 1);
    upTo = shares(1.0 / givingRise, List.copyOf(names), ready);
  }

  /** Whether there are endpoints in this zone and in others. */
  static boolean isNeeded(String zone, List<Endpoint> all) {
    return !zone.isEmpty()
        && all.stream().anyMatch(endpoint -> endpoint.zone().equals(zone))
        && all.stream().anyMatch(endpoint -> !endpoint.zone().equals(zone));
  }

  private void add(String name, BalancerMaker maker, List<Endpoint> all, List<Endpoint> ready) {
    parts.add(
        name.isEmpty() ? "no zone" : "zone " + name,
        maker,
        all.stream().filter(endpoint -> endpoint.zone().equals(name)).toList(),
        ready.stream().filter(endpoint -> endpoint.zone().equals(name)).toList());
  }

  /** As {@link #upTo}, for the local zone and then the others. */
  private double[] shares(double traffic, List<String> others, List<Endpoint> ready) {
    double[] shares = new double[others.size() + 1];
    double total = ready.stream().mapToDouble(Endpoint::weight).sum();
    shares[LOCAL] = total == 0 ? 1 : Math.min(1, weight(zone, ready) / total / traffic);
    double[] spare = new double[shares.length];
    double sum = 0;
    for (int i = 1; i < shares.length; i++) {
      var name = others.get(i - 1);
      double arises = name.isEmpty() ? 0 : traffic;
      spare[i] = total == 0 ? 0 : Math.max(0, weight(name, ready) / total - arises);
      sum += spare[i];
    }
    for (int i = 1; i < shares.length; i++) {
      double part = sum == 0 ? 0 : (1 - shares[LOCAL]) * spare[i] / sum;
      shares[i] = shares[i - 1] + part;
    }
    return shares;
  }

  private static double weight(String name, List<Endpoint> ready) {
    return ready.stream()
        .filter(endpoint -> endpoint.zone().equals(name))
        .mapToDouble(Endpoint::weight)
        .sum();
  }

  private int part(Selection selection) {
    if (upTo[LOCAL] >= 1) {
      return LOCAL;
    }
    double lot =
        KeyHash.isKeyed(selection) ? KeyHash.unit(selection, 0) : selection.random().nextDouble();
    for (int i = 0; i < upTo.length; i++) {
      if (lot < upTo[i]) {
        return i;
      }
    }
    return LOCAL; // what rounding left
  }

  @Override
  Balancer main() {
    return parts.get(LOCAL);
  }

  @Override
  public @Nullable KeySource keySource() {
    return parts.keySource();
  }

  @Override
  public @Nullable Endpoint select(Selection selection) {
    return parts.select(part(selection), selection);
  }

  @Override
  public Explanation explain(Selection selection) {
    return parts.explain(
        part(selection),
        selection,
        "%.0f of 100 requests stay in zone %s".formatted(100 * upTo[LOCAL], zone),
        "not this request's zone");
  }

  @Override
  public void opened(Endpoint endpoint) {
    parts.opened(endpoint);
  }

  @Override
  public void closed(Endpoint endpoint, Outcome outcome, long nanos, long now) {
    parts.closed(endpoint, outcome, nanos, now);
  }

  @Override
  public void takeOver(Balancer previous) {
    var other = find(Zones.class, previous);
    if (other == null) {
      handOver(main(), previous);
    } else {
      parts.takeOver(other.parts);
    }
  }
}
