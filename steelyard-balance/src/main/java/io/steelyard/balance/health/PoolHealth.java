package io.steelyard.balance.health;

import static java.util.Objects.requireNonNull;

import io.steelyard.balance.Endpoint;
import io.steelyard.balance.EndpointState;
import io.steelyard.model.Address;
import io.steelyard.model.Quorum;
import io.steelyard.model.Wish;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The health of one pool: which of its endpoints may be used, from what probes find ({@link
 * #probed}), what traffic shows ({@link #erring}, {@link #window}) and what the administrator wants
 * ({@link #wish}).
 *
 * <p>What always holds: no more endpoints are ejected than the rules permit, and an ejection never
 * takes the last usable endpoint, nor the one that the quorum needs. When that one goes for another
 * reason, those ejected come back: they were suspected, not found to be down.
 *
 * <p>Deterministic: the same calls give the same states and events. Times are nanoseconds of one
 * clock from an arbitrary origin and never go back. Not thread-safe.
 */
public final class PoolHealth {
  private final String name;
  private List<EndpointHealth> endpoints;
  private final @Nullable ProbeRules probes;
  private final @Nullable PassiveRules passive;
  private final int panicPercent;
  private final @Nullable Quorum quorum;
  private final Consumer<? super Event> events;
  private final UpTime upTime = new UpTime();

  // Counted, for when many endpoints change at once.
  private int serving;
  private int usable;
  private long usableWeight;
  private int starting;
  private int ejected;
  private Health health = Health.STARTING;
  private long changes;

  /**
   * @param probes null: the endpoints are not probed and are UP until traffic shows otherwise
   * @param passive null: traffic shows nothing
   * @param panicPercent when a smaller share of the endpoints is UP, all are used; 0: never
   * @param quorum how much has to be usable for the pool to be UP; null: one endpoint
   * @param events is told of each change
   */
  public PoolHealth(
      String name,
      List<Endpoint> endpoints,
      @Nullable ProbeRules probes,
      @Nullable PassiveRules passive,
      int panicPercent,
      @Nullable Quorum quorum,
      Consumer<? super Event> events,
      long now) {
    this.name = requireNonNull(name, "name");
    this.endpoints =
        endpoints.stream()
            .map(endpoint -> new EndpointHealth(endpoint, probes != null, now))
            .toList();
    this.probes = probes;
    this.passive = passive;
    this.panicPercent = panicPercent;
    this.quorum = quorum;
    this.events = requireNonNull(events, "events");
    this.endpoints.forEach(endpoint -> count(endpoint, 1));
    health = nextHealth();
    upTime.become(health, now);
  }

  /** Counts an endpoint in, or out by -1. */
  private void count(EndpointHealth endpoint, int sign) {
    if (!endpoint.serves()) {
      return;
    }
    serving += sign;
    switch (endpoint.health()) {
      case UP -> {
        usable += sign;
        usableWeight += sign * (long) endpoint.endpoint.weight();
      }
      case STARTING -> starting += sign;
      case DOWN -> {}
    }
  }

  /** The pool's name. */
  public String name() {
    return name;
  }

  /** A probe of the endpoint with this index has ended. */
  public void probed(int index, ProbeResult result, long now) {
    var endpoint = endpoints.get(index);
    if (endpoint.wish() == Wish.DISABLED) {
      return; // it was under way when the administrator said so
    }
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

  /**
   * The administrator wants something else of the endpoint with this index. One that was disabled
   * is unknown until it has been probed again.
   *
   * @param why who says so, for people
   * @return what was wanted before
   */
  public Wish wish(int index, Wish wish, String why, long now) {
    var endpoint = endpoints.get(index);
    var before = endpoint.wish();
    if (before == wish) {
      return before;
    }
    count(endpoint, -1);
    endpoint.become(wish);
    if (wish == Wish.DISABLED && endpoint.ejection.isEjected()) {
      endpoint.ejection.end(now);
      ejected--;
    }
    count(endpoint, 1);
    events.accept(
        new WishEvent(now, name, endpoint.endpoint.name(), before, wish, requireNonNull(why)));
    change(endpoint, "the administrator wants it " + wish, now);
    settle(now);
    return before;
  }

  /**
   * Other endpoints are in the pool from now on. What is known of those that stay is kept.
   *
   * @param missing why endpoints, by their address, cannot be reached at all
   */
  public void replace(List<Endpoint> next, Map<Address, String> missing, String why, long now) {
    var known = new IdentityHashMap<EndpointState, EndpointHealth>();
    endpoints.forEach(endpoint -> known.put(endpoint.endpoint.state(), endpoint));
    var changed = new ArrayList<EndpointHealth>(next.size());
    for (var endpoint : next) {
      var before = known.remove(endpoint.state());
      changed.add(before == null ? new EndpointHealth(endpoint, probes != null, now) : before);
      if (before == null) {
        events.accept(new MemberEvent(now, name, endpoint.name(), true, why));
      }
    }
    known
        .values()
        .forEach(
            gone -> events.accept(new MemberEvent(now, name, gone.endpoint.name(), false, why)));
    endpoints = List.copyOf(changed);
    for (int i = 0; i < next.size(); i++) {
      changed.get(i).become(next.get(i), missing.get(next.get(i).address()));
    }
    countAll();
    changed.forEach(
        endpoint -> change(endpoint, missing.getOrDefault(endpoint.endpoint.address(), why), now));
    settle(now);
  }

  private void countAll() {
    serving = 0;
    usable = 0;
    usableWeight = 0;
    starting = 0;
    endpoints.forEach(endpoint -> count(endpoint, 1));
    ejected = (int) endpoints.stream().filter(each -> each.ejection.isEjected()).count();
  }

  /** Where the endpoint with this state is now; -1 when it is not in the pool any more. */
  public int indexOf(EndpointState state) {
    for (int i = 0; i < endpoints.size(); i++) {
      if (endpoints.get(i).endpoint.state() == state) {
        return i;
      }
    }
    return -1;
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
    if (rules == null || !endpoint.isUsable() || !mayEject(endpoint, rules)) {
      return;
    }
    long nanos = endpoint.ejection.begin(rules, now);
    ejected++;
    change(endpoint, "ejected for " + EndpointHealth.seconds(nanos) + ": " + why, now);
  }

  private boolean mayEject(EndpointHealth endpoint, PassiveRules rules) {
    return (ejected + 1) * 100L <= (long) serving * rules.mostEjectedPercent()
        && isEnough(usable - 1, usableWeight - endpoint.endpoint.weight());
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
    if (ejected == 0 || isEnough(usable, usableWeight)) {
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
    count(endpoint, -1);
    var event = endpoint.update(why, now);
    count(endpoint, 1);
    if (event != null) {
      events.accept(event);
      settle(now);
    }
  }

  private void settle(long now) {
    leaveSome(now);
    var next = nextHealth();
    if (next != health) {
      var event = new PoolEvent(now, name, health, next, standing());
      health = next;
      changes++;
      upTime.become(next, now);
      events.accept(event);
    }
  }

  private Health nextHealth() {
    if (isEnough(usable, usableWeight)) {
      return Health.UP;
    }
    return health == Health.STARTING && starting > 0 ? Health.STARTING : Health.DOWN;
  }

  /** keepalived's quorum: what is UP may fall below it, and what is DOWN must rise above it. */
  private boolean isEnough(int count, long weight) {
    if (quorum == null) {
      return count > 0;
    }
    int slack =
        switch (health) {
          case UP -> -quorum.hysteresis();
          case DOWN -> quorum.hysteresis();
          case STARTING -> 0;
        };
    return count > 0
        && count >= quorum.endpoints() + slack
        && (quorum.weight() == 0 || weight >= (long) quorum.weight() + slack);
  }

  private String standing() {
    var found = usable + " of " + endpoints.size() + " endpoints can be used";
    if (quorum == null) {
      return found;
    }
    return found
        + (quorum.weight() == 0 ? "" : ", their weight is " + usableWeight)
        + "; the quorum is "
        + quorum.endpoints()
        + (quorum.weight() == 0 ? "" : " and a weight of " + quorum.weight())
        + (quorum.hysteresis() == 0 ? "" : ", plus or minus " + quorum.hysteresis());
  }

  /**
   * UP when enough endpoints can be used; DOWN when not; STARTING when it never was either and that
   * may yet change.
   */
  public Health health() {
    return health;
  }

  /** How many endpoints that are wanted have not been probed yet. */
  public int starting() {
    return starting;
  }

  /** How often the pool's health changed. */
  public long changes() {
    return changes;
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

  /** The endpoints that may be used, in their order; none while the quorum is missed. */
  public List<Endpoint> usable() {
    if (quorum != null && health != Health.UP) {
      return List.of();
    }
    boolean panic = isPanicking();
    var all = new ArrayList<Endpoint>(endpoints.size());
    for (var endpoint : endpoints) {
      if (endpoint.wish() == Wish.READY
          && (endpoint.health() == Health.UP
              || (panic && endpoint.health() == Health.DOWN && !endpoint.isMissing()))) {
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
