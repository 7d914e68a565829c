package io.steelyard.balance.balancer;

import io.steelyard.balance.Balancer;
import io.steelyard.balance.Endpoint;
import io.steelyard.balance.Explanation;
import io.steelyard.balance.Explanation.Candidate;
import io.steelyard.balance.Explanation.Standing;
import io.steelyard.balance.KeySource;
import io.steelyard.balance.Outcome;
import io.steelyard.balance.Selection;
import io.steelyard.balance.key.KeyPart;
import io.steelyard.balance.placement.Placement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Chooses by a key: takes a part of what it is shown, and asks a placement whose it is. A request
 * without a key, and one whose placement found nobody, goes to the fallback.
 */
final class KeyBalancer implements Balancer {
  private final KeySource source;
  private final KeyPart part;
  private final Placement placement;
  private final List<Endpoint> ready;
  private final Balancer fallback;

  /** Null when endpoints may have any number of requests in flight. */
  private final @Nullable BoundedLoad bound;

  KeyBalancer(
      KeySource source,
      KeyPart part,
      Placement placement,
      List<Endpoint> ready,
      Balancer fallback,
      @Nullable BoundedLoad bound) {
    this.source = source;
    this.part = part;
    this.placement = placement;
    this.ready = ready;
    this.fallback = fallback;
    this.bound = bound;
  }

  @Override
  public KeySource keySource() {
    return source;
  }

  @Override
  public @Nullable Endpoint select(Selection selection) {
    long range = range(selection);
    var placed = range < 0 ? null : place(range, selection);
    if (bound != null) {
      bound.refresh();
    }
    return placed == null && goesOn(range) ? fallback.select(selection) : placed;
  }

  private long range(Selection selection) {
    int length = selection.keyLength();
    return length < 0 ? KeyPart.NONE : part.of(selection.key(), 0, length);
  }

  private @Nullable Endpoint place(long range, Selection selection) {
    byte[] key = selection.key();
    int from = KeyPart.from(range);
    int to = KeyPart.to(range);
    if (bound != null) {
      var placed = placement.place(key, from, to, bound.within(selection));
      bound.done();
      if (placed != null) {
        return placed;
      }
    }
    return placement.place(key, from, to, selection);
  }

  private boolean goesOn(long range) {
    return range < 0 || !placement.isStrict();
  }

  /** Whose a key is when all endpoints are accepted; null when it is nobody's or no key. */
  @Nullable Endpoint home(byte[] key) {
    long range = part.of(key, 0, key.length);
    return range < 0
        ? null
        : placement.place(key, KeyPart.from(range), KeyPart.to(range), Everybody.ACCEPTED);
  }

  @Override
  public void opened(Endpoint endpoint) {
    if (bound != null) {
      bound.changed(endpoint);
    }
  }

  @Override
  public void closed(Endpoint endpoint, Outcome outcome, long nanos, long now) {
    if (bound != null) {
      bound.changed(endpoint);
    }
  }

  @Override
  public void takeOver(Balancer previous) {
    if (previous instanceof KeyBalancer other) {
      placement.follow(other.placement);
      fallback.takeOver(other.fallback);
    }
  }

  @Override
  public Explanation explain(Selection selection) {
    long range = range(selection);
    var chosen = range < 0 ? null : place(range, selection);
    if (chosen == null && goesOn(range)) {
      return fallback.explain(selection);
    }
    byte[] key = selection.key();
    var candidates = new ArrayList<Candidate>();
    for (var endpoint : ready) {
      candidates.add(candidate(endpoint, chosen, selection, range));
    }
    var rule = placement.rule(key, KeyPart.from(range), KeyPart.to(range));
    return new Explanation(chosen, rule, candidates);
  }

  private Candidate candidate(
      Endpoint endpoint, @Nullable Endpoint chosen, Selection selection, long range) {
    var standing = standing(endpoint, chosen, selection);
    double score =
        placement.score(endpoint, selection.key(), KeyPart.from(range), KeyPart.to(range));
    return new Candidate(endpoint, standing, score, bound == null ? "" : bound.describe(endpoint));
  }

  private Standing standing(Endpoint endpoint, @Nullable Endpoint chosen, Selection selection) {
    if (endpoint == chosen) {
      return Standing.CHOSEN;
    }
    if (endpoint.weight() == 0) {
      return Standing.NO_WEIGHT;
    }
    if (!selection.accepts(endpoint)) {
      return Standing.NOT_ACCEPTED;
    }
    return bound == null || bound.hasRoom(endpoint) ? Standing.ELIGIBLE : Standing.RULED_OUT;
  }
}
