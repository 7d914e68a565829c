package io.steelyard.balance.decorate;

import io.steelyard.balance.Balancer;
import io.steelyard.balance.Endpoint;
import io.steelyard.balance.EndpointState;
import io.steelyard.balance.Explanation;
import io.steelyard.balance.Explanation.Candidate;
import io.steelyard.balance.Explanation.Standing;
import io.steelyard.balance.KeySource;
import io.steelyard.balance.Outcome;
import io.steelyard.balance.Selection;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Slow start: an endpoint that came up ({@link EndpointState#cameUp}) gets its share little by
 * little.
 *
 * <p><b>Rule.</b> Its part grows from {@code from} to 1 in equal steps of time. A request with a
 * key is let through when a number made of key and endpoint is below that part: keys come one after
 * the other, and those that came stay. For other requests each choice gives the endpoint credit,
 * its part × its weight ÷ all weights; it is let through when it has 1, and pays 1 when it is
 * chosen. So it never gets more than its part of its share, even from a balancer that would send
 * all there is to whoever is idle. At most {@value #MOST_CREDIT} are saved up. Where nobody can be
 * chosen who has its whole share, none is held back.
 *
 * <p><b>Source.</b> HAProxy {@code slowstart}, nginx {@code slow_start} and Envoy's slow start mode
 * change weights, which would have hash tables built anew at each step; this refuses instead.
 *
 * <p><b>Cost.</b> A comparison while nobody starts; else a call more for each endpoint looked at.
 */
final class SlowStart extends Decorator {
  private static final double MOST_CREDIT = 4;
  private static final int NOT_STARTING = -1;

  private final Balancer inner;
  private final long durationNanos;
  private final double from;
  private final Endpoint[] steady;
  private final Endpoint[] started;
  private final long[] since;
  private final double[] weightShare;

  /** What tells one endpoint from another to keys: the same in every process and configuration. */
  private final long[] salts;

  private final double[] credit;

  /** The number of the choice up to which {@link #credit} has been counted. */
  private final long[] counted;

  /** By {@link Endpoint#index}, where it is above; or not starting. */
  private final int[] places;

  private final Gate gate = new Gate();
  private long choices;
  private long lastEnd;
  private boolean starting;

  SlowStart(io.steelyard.model.SlowStart settings, Balancer inner, List<Endpoint> ready) {
    this.inner = inner;
    durationNanos = settings.duration().toNanos();
    from = settings.from();
    started = chosen(ready, true);
    steady = chosen(ready, false);
    starting = started.length > 0;
    since = new long[started.length];
    salts = new long[started.length];
    weightShare = new double[started.length];
    credit = new double[started.length];
    counted = new long[started.length];
    places = new int[Arrays.stream(started).mapToInt(Endpoint::index).max().orElse(-1) + 1];
    Arrays.fill(places, NOT_STARTING);
    double total = ready.stream().mapToDouble(Endpoint::weight).sum();
    for (int i = 0; i < started.length; i++) {
      since[i] = started[i].state().upSince();
      salts[i] = KeyHash.of(started[i].name(), 0);
      weightShare[i] = started[i].weight() / total;
      places[started[i].index()] = i;
      long end = since[i] + durationNanos;
      lastEnd = i == 0 || end - lastEnd > 0 ? end : lastEnd;
    }
  }

  private static Endpoint[] chosen(List<Endpoint> ready, boolean hasComeUp) {
    return ready.stream()
        .filter(endpoint -> endpoint.weight() > 0 && endpoint.state().hasComeUp() == hasComeUp)
        .toArray(Endpoint[]::new);
  }

  @Override
  Balancer main() {
    return inner;
  }

  @Override
  public @Nullable KeySource keySource() {
    return inner.keySource();
  }

  @Override
  public @Nullable Endpoint select(Selection selection) {
    if (!isStarting(selection.nanoTime())) {
      starting = false;
      return inner.select(selection);
    }
    if (!hasOthers(selection)) {
      return inner.select(selection);
    }
    choices++;
    gate.open(selection, choices);
    var chosen = inner.select(gate);
    gate.close();
    if (chosen == null) {
      return inner.select(selection); // rather one that starts than none
    }
    pay(chosen, selection);
    return chosen;
  }

  /** Whether somebody else can be chosen, who has its whole share. */
  private boolean hasOthers(Selection selection) {
    for (var endpoint : steady) {
      if (selection.accepts(endpoint)) {
        return true;
      }
    }
    for (int i = 0; i < started.length; i++) {
      if (part(i, selection.nanoTime()) >= 1 && selection.accepts(started[i])) {
        return true;
      }
    }
    return false;
  }

  private boolean isStarting(long now) {
    return starting && now - lastEnd < 0;
  }

  private void pay(Endpoint chosen, Selection selection) {
    int place = place(chosen);
    if (place != NOT_STARTING && !KeyHash.isKeyed(selection)) {
      credit[place] = Math.max(0, credit(place, part(place, selection.nanoTime()), choices) - 1);
      counted[place] = choices;
    }
  }

  private int place(Endpoint endpoint) {
    return endpoint.index() < places.length ? places[endpoint.index()] : NOT_STARTING;
  }

  /** Which part of its share an endpoint has now: 1 when it has all. */
  private double part(int place, long now) {
    double elapsed = (double) (now - since[place]) / durationNanos;
    return elapsed >= 1 ? 1 : from + (1 - from) * Math.max(0, elapsed);
  }

  private double credit(int place, double part, long choice) {
    double earned = (choice - counted[place]) * part * weightShare[place];
    return Math.min(MOST_CREDIT, credit[place] + earned);
  }

  @Override
  public Explanation explain(Selection selection) {
    if (!isStarting(selection.nanoTime()) || !hasOthers(selection)) {
      return inner.explain(selection);
    }
    var asking = new Gate();
    asking.open(selection, choices + 1);
    var explanation = inner.explain(asking);
    if (explanation.chosen() == null) {
      return inner.explain(selection);
    }
    return new Explanation(
        explanation.chosen(),
        explanation.rule(),
        explanation.candidates().stream().map(one -> told(one, selection)).toList());
  }

  private Candidate told(Candidate candidate, Selection selection) {
    var endpoint = candidate.endpoint();
    int place = place(endpoint);
    if (candidate.standing() != Standing.NOT_ACCEPTED
        || place == NOT_STARTING
        || !selection.accepts(endpoint)) {
      return candidate;
    }
    return new Candidate(
        endpoint,
        Standing.RULED_OUT,
        Double.NaN,
        "slow start: %.0f of 100 of its share".formatted(100 * part(place, selection.nanoTime())));
  }

  @Override
  public void opened(Endpoint endpoint) {
    inner.opened(endpoint);
  }

  @Override
  public void closed(Endpoint endpoint, Outcome outcome, long nanos, long now) {
    inner.closed(endpoint, outcome, nanos, now);
  }

  @Override
  public void takeOver(Balancer previous) {
    var other = find(SlowStart.class, previous);
    if (other == null) {
      handOver(inner, previous);
      return;
    }
    keepCredit(other);
    handOver(inner, other.inner);
  }

  private void keepCredit(SlowStart other) {
    var kept = new IdentityHashMap<EndpointState, Double>();
    for (int i = 0; i < other.started.length; i++) {
      kept.put(other.started[i].state(), other.credit[i]);
    }
    for (int i = 0; i < started.length; i++) {
      credit[i] = kept.getOrDefault(started[i].state(), 0.0);
    }
  }

  /** The request, which refuses whoever has had its part. */
  private final class Gate implements Selection {
    private @Nullable Selection request;
    private long choice;

    void open(Selection selection, long number) {
      request = selection;
      choice = number;
    }

    void close() {
      request = null;
    }

    private Selection request() {
      var asked = request;
      if (asked == null) {
        throw new IllegalStateException("the choice is over");
      }
      return asked;
    }

    @Override
    public boolean accepts(Endpoint endpoint) {
      var asked = request();
      if (!asked.accepts(endpoint)) {
        return false;
      }
      int place = place(endpoint);
      return place == NOT_STARTING || lets(place, asked);
    }

    private boolean lets(int place, Selection asked) {
      double part = part(place, asked.nanoTime());
      if (part >= 1) {
        return true;
      }
      return KeyHash.isKeyed(asked)
          ? KeyHash.unit(asked, salts[place]) < part
          : credit(place, part, choice) >= 1;
    }

    @Override
    public byte[] key() {
      return request().key();
    }

    @Override
    public int keyLength() {
      return request().keyLength();
    }

    @Override
    public int attempt() {
      return request().attempt();
    }

    @Override
    public RandomGenerator random() {
      return request().random();
    }

    @Override
    public long nanoTime() {
      return request().nanoTime();
    }
  }
}
