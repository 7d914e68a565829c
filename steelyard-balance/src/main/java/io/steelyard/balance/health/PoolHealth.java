package io.steelyard.balance.health;

import static java.util.Objects.requireNonNull;

import io.steelyard.balance.Endpoint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The health of one pool: which of its endpoints may be used, from what probes find ({@link
 * #probed}) and what traffic shows ({@link #erring}, {@link #window}).
 *
 * <p>What always holds: no more endpoints are ejected than the rules permit, and an ejection never
 * takes the last usable endpoint. When the last one goes for another reason, those ejected come
 * back: they were suspected, not found to be down.
 *
 * <p>Deterministic: the same calls give the same states and events. Times are nanoseconds of one
 * clock from an arbitrary origin and never go back. Not thread-safe.
 */
public final class PoolHealth {
  private final String name;
  private final List<EndpointHealth> endpoints;
  private final @Nullable ProbeRules probes;
  private final @Nullable PassiveRules passive;
  private final int panicPercent;
  private final Consumer<HealthEvent> events;
  private final UpTime upTime = new UpTime();

  // Counted, for when many endpoints change at once.
  private final int serving;
  private int usable;
  private int starting;
  private int ejected;
  private Health health = Health.STARTING;

  /**
   * @param probes null: the endpoints are not probed and are UP until traffic shows otherwise
   * @param passive null: traffic shows nothing
   * @param panicPercent when a smaller share of the endpoints is UP, all are used; 0: never
   * @param events is told of each change
   */
  public PoolHealth(
      String name,
      List<Endpoint> endpoints,
      @Nullable ProbeRules probes,
      @Nullable PassiveRules passive,
      int panicPercent,
      Consumer<HealthEvent> events,
      long now) {
    this.name = requireNonNull(name, "name");
    this.endpoints =
        endpoints.stream()
            .map(endpoint -> new EndpointHealth(endpoint, probes != null, now))
            .toList();
    this.probes = probes;
    this.passive = passive;
    this.panicPercent = panicPercent;
    this.events = requireNonNull(events, "events");
    serving = (int) this.endpoints.stream().filter(EndpointHealth::serves).count();
    usable = probes == null ? serving : 0;
    starting = serving - usable;
    updateHealth(now);
  }

  /** The pool's name. */
  public String name() {
    return name;
  }

  /** A probe of the endpoint with this index has ended. */
  public void probed(int index, ProbeResult result, long now) {
    var endpoint = endpoints.get(index);
    endpoint.probed.add(result, requireNonNull(probes, "the pool has no probes"));
    change(endpoint, result.layer().text() + ": " + result.detail(), now);
  }

  /** When the next probe of the endpoint is to begin, counted from when this one began. */
  public long probeIntervalNanos(int index) {
    var rules = requireNonNull(probes, "the pool has no probes");
    return endpoints.get(index).probed.isUncertain()
        ? rules.fastIntervalNanos()
        : rules.intervalNanos();
  }

  /** So many requests in a row have failed at the endpoint, as many as the rules permit. */
  public void erring(int index, int errors, long now) {
    eject(endpoints.get(index), errors + " errors in a row", now);
  }

  /**
   * A window has ended.
   *
   * @param traffic of each endpoint, since it became known
   */
  public void window(List<Traffic> traffic, long now) {
    var rules = requireNonNull(passive, "the pool has no passive health");
    var windows = new Traffic[endpoints.size()];
    for (int i = 0; i < windows.length; i++) {
      windows[i] = endpoints.get(i).window(traffic.get(i));
    }
    double median = medianNanos(windows, rules);
    for (int i = 0; i < windows.length; i++) {
      if (windows[i].requests() >= Math.max(1, rules.leastRequests())) {
        judge(endpoints.get(i), windows[i], median, rules, now);
      }
    }
  }

  private void judge(
      EndpointHealth endpoint, Traffic window, double median, PassiveRules rules, long now) {
    if (rules.errorPercent() > 0
        && window.errors() * 100 >= window.requests() * rules.errorPercent()) {
      eject(endpoint, window.errors() + " of " + window.requests() + " requests were errors", now);
    }
    double mean = window.meanNanos();
    if (rules.slowFactor() > 0
        && mean > median * rules.slowFactor()
        && mean - median > rules.slowMarginNanos()) {
      eject(
          endpoint,
          "requests took %.1f ms, the pool's median is %.1f ms".formatted(mean / 1e6, median / 1e6),
          now);
    }
  }

  /**
   * The median of the endpoints' mean times. Of two nobody can say which one is the outlier: so
   * many are slow that nothing is.
   */
  private double medianNanos(Traffic[] windows, PassiveRules rules) {
    double[] means =
        Arrays.stream(windows)
            .filter(window -> window.requests() >= Math.max(1, rules.leastRequests()))
            .mapToDouble(Traffic::meanNanos)
            .sorted()
            .toArray();
    return means.length < 3 ? Double.POSITIVE_INFINITY : means[means.length / 2];
  }

  private void eject(EndpointHealth endpoint, String why, long now) {
    var rules = passive;
    if (rules == null || !endpoint.isUsable() || !mayEject(rules)) {
      return;
    }
    long nanos = endpoint.ejection.begin(rules, now);
    ejected++;
    change(endpoint, "ejected for " + EndpointHealth.seconds(nanos) + ": " + why, now);
  }

  private boolean mayEject(PassiveRules rules) {
    return (ejected + 1) * 100L <= (long) serving * rules.mostEjectedPercent() && usable > 1;
  }

  /** Ends the ejections whose time is over. */
  public void tick(long now) {
    for (var endpoint : endpoints) {
      if (endpoint.ejection.isEjected() && endpoint.ejection.until() - now <= 0) {
        takeBack(endpoint, "the ejection is over", now);
      }
    }
  }

  /** How long until {@link #tick} has something to do; {@link Long#MAX_VALUE}: nothing is due. */
  public long nanosToTick(long now) {
    long next = Long.MAX_VALUE;
    for (var endpoint : endpoints) {
      if (endpoint.ejection.isEjected()) {
        next = Math.min(next, Math.max(0, endpoint.ejection.until() - now));
      }
    }
    return next;
  }

  private void leaveSome(long now) {
    if (usable > 0 || ejected == 0) {
      return;
    }
    for (var endpoint : endpoints) {
      if (endpoint.ejection.isEjected() && endpoint.isProbedUp()) {
        takeBack(endpoint, "the ejection ends because no other endpoint is left", now);
      }
    }
  }

  private void takeBack(EndpointHealth endpoint, String why, long now) {
    endpoint.ejection.end(now);
    ejected--;
    endpoint.endpoint.state().forgetErrors();
    change(endpoint, why, now);
  }

  private void change(EndpointHealth endpoint, String why, long now) {
    var event = endpoint.update(why, now);
    if (event == null) {
      return;
    }
    if (endpoint.serves()) {
      usable += (event.to() == Health.UP ? 1 : 0) - (event.from() == Health.UP ? 1 : 0);
      starting -= event.from() == Health.STARTING ? 1 : 0;
    }
    events.accept(event);
    leaveSome(now);
    updateHealth(now);
  }

  private void updateHealth(long now) {
    var next = usable > 0 ? Health.UP : starting > 0 ? Health.STARTING : Health.DOWN;
    if (next != health) {
      health = next;
      upTime.become(next, now);
    }
  }

  /** UP when an endpoint can be used; DOWN when none can; STARTING when that may yet change. */
  public Health health() {
    return health;
  }

  /** The times that the pool was up and down. */
  public Availability availability(long now) {
    return upTime.until(now);
  }

  /**
   * Whether so few endpoints are UP that all are used, as it is more likely that the probes are
   * wrong, or that the few would be crushed. Endpoints that were never probed do not count.
   */
  public boolean isPanicking() {
    return usable * 100L < (long) (serving - starting) * panicPercent;
  }

  /** The endpoints that may be used, in their order. */
  public List<Endpoint> usable() {
    boolean panic = isPanicking();
    var all = new ArrayList<Endpoint>(endpoints.size());
    for (var endpoint : endpoints) {
      if (endpoint.health() == Health.UP || (panic && endpoint.health() == Health.DOWN)) {
        all.add(endpoint.endpoint);
      }
    }
    return List.copyOf(all);
  }

  /** How many endpoints are ejected now. */
  public int ejected() {
    return ejected;
  }

  /** All endpoints, in their order. */
  public List<Endpoint> endpoints() {
    return endpoints.stream().map(endpoint -> endpoint.endpoint).toList();
  }

  /** What is known about the endpoint with this index. */
  public EndpointReport report(int index, long now) {
    return endpoints.get(index).report(now);
  }
}
