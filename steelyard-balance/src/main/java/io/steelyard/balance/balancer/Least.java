package io.steelyard.balance.balancer;

import io.steelyard.balance.Balancer;
import io.steelyard.balance.Endpoint;
import io.steelyard.balance.Explanation;
import io.steelyard.balance.Outcome;
import io.steelyard.balance.Selection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the endpoint of the least {@link Score}: what all of the least-something family have in
 * common. See {@link Ranking} for how equals share, and for the cost.
 */
final class Least implements Balancer {
  private final List<Endpoint> ready;
  private final Endpoint[] endpoints;
  private final Positions positions;
  private final Score score;
  private final Ranking ranking;
  private final @Nullable SecondChances chances;

  /** Without second chances: for scores that are as good for those not chosen. */
  Least(List<Endpoint> ready, Score score) {
    this(ready, score, 0);
  }

  /**
   * A balancer.
   *
   * @param patience see {@link SecondChances}; 0 for none
   */
  Least(List<Endpoint> ready, Score score, long patience) {
    this(ready, score, patience, Ranking.SCANNED);
  }

  /** With another number of endpoints that are looked at one by one. */
  Least(List<Endpoint> ready, Score score, long patience, int scanned) {
    this.ready = ready;
    this.endpoints = Weights.chosen(ready);
    this.positions = new Positions(endpoints);
    this.score = score;
    this.ranking = new Ranking(endpoints, score, scanned);
    this.chances = patience > 0 ? new SecondChances(endpoints, patience) : null;
  }

  @Override
  public @Nullable Endpoint select(Selection selection) {
    int due = due(selection);
    int best = due >= 0 ? due : ranking.best(selection);
    if (best < 0) {
      return null;
    }
    if (chances != null) {
      chances.chosen(best, due >= 0);
    }
    ranking.takeTurn(best);
    score.passed(selection.nanoTime());
    return endpoints[best];
  }

  private int due(Selection selection) {
    return chances == null ? -1 : chances.due(selection);
  }

  @Override
  public boolean usesLoadReports() {
    return score.usesLoadReports();
  }

  @Override
  public void opened(Endpoint endpoint) {
    int position = positions.of(endpoint);
    if (position >= 0) {
      score.opened(endpoint);
      ranking.refresh(position);
    }
  }

  @Override
  public void connected(Endpoint endpoint, long nanos, long now) {
    int position = positions.of(endpoint);
    if (position >= 0) {
      score.connected(endpoint, nanos, now, chances != null && chances.isOnTrial(position));
      ranking.refresh(position);
    }
  }

  @Override
  public void closed(Endpoint endpoint, Outcome outcome, long nanos, long now) {
    int position = positions.of(endpoint);
    if (position >= 0) {
      boolean isTrial = chances != null && outcome.concernsEndpoint() && chances.endTrial(position);
      score.closed(endpoint, outcome, nanos, now, isTrial);
      ranking.refresh(position);
    }
  }

  @Override
  public Explanation explain(Selection selection) {
    int due = due(selection);
    var copy = ranking.copy();
    int best = copy.best(selection);
    int chosen = due >= 0 ? due : best;
    return Explanation.of(
        ready,
        selection,
        chosen < 0 ? null : endpoints[chosen],
        due >= 0 ? SecondChances.RULE : score.rule(),
        endpoint -> copy.score(positions.of(endpoint)),
        score::detail);
  }

  /** Endpoints keep their turns; new ones have theirs at once. */
  @Override
  public void takeOver(Balancer previous) {
    if (previous instanceof Least other && other.score.getClass() == score.getClass()) {
      score.takeOver(other.score);
      ranking.takeOver(other.ranking);
      ranking.refreshAll();
    }
  }

  /** What it compares. */
  Score score() {
    return score;
  }

  /** Lets the turns begin late, to see them start again. */
  void startAt(long time) {
    ranking.startAt(time);
  }
}
