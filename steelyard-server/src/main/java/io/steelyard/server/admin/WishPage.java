package io.steelyard.server.admin;

import io.steelyard.model.Kind.Choice;
import io.steelyard.model.Wish;
import io.steelyard.model.Words;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * {@code /v1/pools/POOL/endpoints/ENDPOINT/wish}: what the administrator wants of an endpoint. GET
 * tells it, PUT sets it.
 */
final class WishPage {
  private static final int SEGMENTS = 6;
  private static final String ALLOW = "GET, HEAD, PUT";
  private static final Choice WISHES = new Choice(List.of(Wish.values()));

  private final AdminSources sources;

  WishPage(AdminSources sources) {
    this.sources = sources;
  }

  /** What is wanted of an endpoint, and what it has left: 0 and 0 once it is drained. */
  record WishReport(
      String pool,
      String endpoint,
      String wish,
      @Nullable String health,
      int inFlight,
      long connections) {}

  /** The answer; null when the path is another's. */
  @Nullable Answer answer(Request request) {
    List<String> path = request.segments();
    return path.size() == SEGMENTS
            && path.get(0).equals("v1")
            && path.get(1).equals("pools")
            && path.get(3).equals("endpoints")
            && path.get(5).equals("wish")
        ? answer(request, path.get(2), path.get(4))
        : null;
  }

  private Answer answer(Request request, String pool, String endpoint) {
    if (request.isRead()) {
      return report(request, pool, endpoint);
    }
    if (!request.method().equals("PUT")) {
      return Problem.methodNotAllowed(request.path(), request.method(), ALLOW);
    }
    Problem refusal = Foreign.refusal(request);
    return refusal == null ? put(request, pool, endpoint) : refusal.answer(Map.of());
  }

  private Answer put(Request request, String pool, String endpoint) {
    Wish wish;
    try {
      wish = wish(request.body());
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      return new Problem("Bad Request", 400, message, request.path()).answer(Map.of());
    }
    return sources.wishes().wish(pool, endpoint, wish)
        ? report(request, pool, endpoint)
        : unknown(request, pool, endpoint);
  }

  private static Wish wish(String body) {
    JsonNode node;
    try {
      node = Json.read(body).get("wish");
    } catch (JacksonException e) {
      throw new IllegalArgumentException("the body is not JSON: " + e.getOriginalMessage(), e);
    }
    if (node == null || !node.isString()) {
      throw new IllegalArgumentException(
          "the body has no 'wish', expected {\"wish\": \"…\"} with "
              + Words.alternatives(WISHES.words()));
    }
    return (Wish) Words.choice(WISHES, node.asString().toLowerCase(Locale.ROOT));
  }

  private Answer report(Request request, String pool, String endpoint) {
    for (RunningState.Pool known : sources.status().state().pools()) {
      for (int i = 0; known.name().equals(pool) && i < known.endpoints().size(); i++) {
        if (known.endpoints().get(i).name().equals(endpoint)) {
          return new Answer(200, "application/json", Json.write(report(known, i)));
        }
      }
    }
    return unknown(request, pool, endpoint);
  }

  private WishReport report(RunningState.Pool pool, int index) {
    RunningState.Endpoint endpoint = pool.endpoints().get(index);
    var health = pool.health();
    return new WishReport(
        pool.name(),
        endpoint.name(),
        endpoint.wish().name(),
        health == null ? null : health.endpoints().get(index).health().name(),
        endpoint.inFlight(),
        sources.stats().pool(pool.name()).endpoint(endpoint.name()).active.value());
  }

  /** Says what there is: most often it is a slip. */
  private Answer unknown(Request request, String pool, String endpoint) {
    var pools = sources.status().state().pools();
    var names = pools.stream().map(RunningState.Pool::name).toList();
    String detail =
        pools.stream()
            .filter(known -> known.name().equals(pool))
            .findFirst()
            .map(known ->
                "pool "
                    + pool
                    + " has no endpoint '"
                    + endpoint
                    + "', expected "
                    + Words.alternatives(
                        known.endpoints().stream().map(RunningState.Endpoint::name).toList()))
            .orElseGet(
                () -> "there is no pool '" + pool + "', expected " + Words.alternatives(names));
    return new Problem("Not Found", 404, detail, request.path()).answer(Map.of());
  }
}
