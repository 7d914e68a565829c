package io.steelyard.server.names;

import io.steelyard.model.Address;
import io.steelyard.model.EndpointSpec;
import io.steelyard.model.Resolution;
import io.steelyard.net.names.Found;
import io.steelyard.net.names.Found.Place;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One entry of a pool whose host is a name, and the endpoints that it stands for. Deterministic;
 * not thread-safe.
 *
 * <pre>
 *            found                    failed, for longer than "keep"
 *   missing ───────► endpoints known ───────────────────────────────► missing
 *      ▲  │                │  ▲
 *      └──┘ failed         └──┘ found: those that are new come, those that are gone go
 * </pre>
 */
final class ResolvedName {
  private final EndpointSpec entry;
  private final Resolution rules;
  private List<EndpointSpec> endpoints = List.of();
  private @Nullable String failure = "not resolved yet";
  private long failingSince;
  private boolean failing;
  private long waitNanos;

  ResolvedName(EndpointSpec entry, Resolution rules) {
    this.entry = entry;
    this.rules = rules;
  }

  /** What is asked for. */
  String name() {
    return entry.service().isEmpty()
        ? entry.address().host()
        : entry.service() + "." + entry.address().host();
  }

  boolean isService() {
    return !entry.service().isEmpty();
  }

  /** The name leads somewhere; whether that changes the endpoints. */
  boolean found(Found found) {
    failure = null;
    failing = false;
    long ttl = Math.min(found.ttlSeconds(), 1_000_000) * 1_000_000_000;
    waitNanos = Math.clamp(ttl, rules.minTtl().toNanos(), maxTtlNanos());
    List<Integer> priorities =
        found.places().stream().map(Place::priority).distinct().sorted().toList();
    List<EndpointSpec> next =
        found.places().stream()
            .map(place -> endpoint(place, priorities.indexOf(place.priority())))
            .sorted(
                Comparator.comparing((EndpointSpec e) -> e.address().host())
                    .thenComparingInt(e -> e.address().port()))
            .toList();
    boolean changed = !next.equals(endpoints);
    endpoints = next;
    return changed;
  }

  private long maxTtlNanos() {
    return Math.max(rules.minTtl().toNanos(), rules.maxTtl().toNanos());
  }

  /** Names, addresses and weights of places; the rest is the entry's. */
  private EndpointSpec endpoint(Place place, int rank) {
    int port = isService() ? place.port() : entry.address().port();
    EndpointSpec endpoint =
        entry
            .withAddress(new Address(place.host(), port))
            .withService("")
            .withHost(entry.host().isEmpty() ? entry.address().host() : entry.host());
    return isService()
        ? endpoint
            .withWeight(entry.weight() == 0 ? 0 : Math.max(1, place.weight()))
            .withPriority(Math.min(255, entry.priority() + rank))
        : endpoint;
  }

  /** It leads nowhere, or nobody says where; whether that changes the endpoints. */
  boolean failed(String why, long now) {
    if (!failing) {
      failing = true;
      failingSince = now;
    }
    failure = why;
    waitNanos = rules.minTtl().toNanos();
    if (!endpoints.isEmpty() && now - failingSince >= rules.keep().toNanos()) {
      endpoints = List.of();
      return true;
    }
    return false;
  }

  /** When to ask again, counted from the last answer. */
  long waitNanos() {
    return waitNanos;
  }

  /** Why it leads nowhere, or why the last question failed; null when all is well. */
  @Nullable String failure() {
    return failure;
  }

  /** What it leads to; while that is nothing, the entry itself, which cannot be connected to. */
  List<EndpointSpec> endpoints() {
    return endpoints.isEmpty() ? List.of(entry) : endpoints;
  }

  /** Whether there is nothing that it leads to. */
  boolean isMissing() {
    return endpoints.isEmpty();
  }
}
