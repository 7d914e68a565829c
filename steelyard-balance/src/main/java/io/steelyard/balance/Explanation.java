package io.steelyard.balance;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Why a balancer chooses as it does: made when somebody asks, never while traffic passes.
 * Immutable.
 *
 * @param chosen who would be chosen, or null when nobody can be
 * @param rule what decided, in a sentence: the score, the draw, the tie-break
 * @param candidates every endpoint that the balancer knows, in the configuration's order
 */
public record Explanation(@Nullable Endpoint chosen, String rule, List<Candidate> candidates) {
  /** Nobody is chosen and nobody was looked at. */
  public static final Explanation NONE = new Explanation(null, "no endpoints", List.of());

  private static final String NOBODY = "no endpoint can be chosen: none has weight and is accepted";

  public Explanation {
    requireNonNull(rule, "rule");
    candidates = List.copyOf(candidates);
  }

  /**
   * The explanation of a balancer that compares its endpoints, or draws among them, and rules none
   * out by itself.
   *
   * @param ready every endpoint that the balancer knows
   * @param score what it compares; asked of those only that could have been chosen
   * @param detail how the score came about; asked of the same
   */
  public static Explanation of(
      List<Endpoint> ready,
      Selection selection,
      @Nullable Endpoint chosen,
      String rule,
      ToDoubleFunction<Endpoint> score,
      Function<Endpoint, String> detail) {
    var candidates = new ArrayList<Candidate>(ready.size());
    for (var endpoint : ready) {
      if (endpoint.weight() == 0) {
        candidates.add(new Candidate(endpoint, Standing.NO_WEIGHT, Double.NaN, "weight 0"));
      } else if (!selection.accepts(endpoint)) {
        candidates.add(
            new Candidate(endpoint, Standing.NOT_ACCEPTED, Double.NaN, "the request refuses it"));
      } else {
        candidates.add(
            new Candidate(
                endpoint,
                endpoint == chosen ? Standing.CHOSEN : Standing.ELIGIBLE,
                score.applyAsDouble(endpoint),
                detail.apply(endpoint)));
      }
    }
    return new Explanation(chosen, chosen == null ? NOBODY : rule, candidates);
  }

  /** How an endpoint stood in a choice. */
  public enum Standing {
    /** It was chosen. */
    CHOSEN,
    /** It could have been chosen. */
    ELIGIBLE,
    /** Its weight is 0. */
    NO_WEIGHT,
    /** The request does not accept it: it has been tried, for example. */
    NOT_ACCEPTED,
    /** The balancer's own rule left it out: another group, zone or subset; too much in flight. */
    RULED_OUT
  }

  /**
   * An endpoint in a choice.
   *
   * @param score what the balancer compared, the least is the best; NaN where it compares nothing
   * @param detail how the score came about or why the endpoint was ruled out; may be empty
   */
  public record Candidate(Endpoint endpoint, Standing standing, double score, String detail) {
    public Candidate {
      requireNonNull(endpoint, "endpoint");
      requireNonNull(standing, "standing");
      requireNonNull(detail, "detail");
    }
  }
}
