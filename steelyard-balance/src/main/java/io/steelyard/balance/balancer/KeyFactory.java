package io.steelyard.balance.balancer;

import static java.util.Objects.requireNonNull;

import io.steelyard.balance.Balancer;
import io.steelyard.balance.Endpoint;
import io.steelyard.balance.KeySource;
import io.steelyard.balance.key.HashTag;
import io.steelyard.balance.key.KeyPart;
import io.steelyard.balance.placement.Placement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes balancers that choose by a key. What they have in common: hash tags, bounded loads, and
 * what becomes of requests without a key.
 */
abstract class KeyFactory implements BalancerFactory {
  /** Two characters: what is between them is the key. */
  static final Option<String> HASH_TAG =
      Option.of(
          "hash-tag",
          "two characters such as {} or $$",
          "",
          found -> found instanceof String text && text.length() == 2 ? text : null);

  /** How many times its part of the requests in flight an endpoint may have; 0 for any number. */
  static final Option<Double> BOUNDED_LOAD = Option.number("bounded-load", 0, 0, 1_000);

  /** What becomes of a request without a key. */
  static final Option<WithoutKey> WITHOUT_KEY =
      Option.choice("without-key", WithoutKey.ROUND_ROBIN);

  /** What becomes of requests without a key. */
  enum WithoutKey {
    /** They go round, as HAProxy lets them. */
    ROUND_ROBIN,
    /** No endpoint is chosen. */
    REFUSE
  }

  private final String name;
  private final List<Option<?>> options;
  private final Option<WithoutKey> withoutKey;

  KeyFactory(String name, List<Option<?>> own) {
    this(name, own, WITHOUT_KEY);
  }

  KeyFactory(String name, List<Option<?>> own, Option<WithoutKey> withoutKey) {
    this.name = requireNonNull(name, "name");
    this.withoutKey = withoutKey;
    var all = new ArrayList<>(own);
    all.addAll(List.of(HASH_TAG, BOUNDED_LOAD, withoutKey));
    this.options = List.copyOf(all);
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final List<Option<?>> options() {
    return options;
  }

  @Override
  public final Set<KeySource.Kind> needs(BalancerOptions given) {
    return Set.of(kind(given));
  }

  /** Which kind of key it chooses by. */
  abstract KeySource.Kind kind(BalancerOptions given);

  /** What names the key; empty for a kind that has but one. */
  abstract String keyName(BalancerOptions given);

  /** What of it is the key. */
  abstract KeyPart part(BalancerOptions given);

  /** Who has which key. */
  abstract Placement placement(List<Endpoint> ready, BalancerOptions given);

  @Override
  public final Balancer create(List<Endpoint> ready, BalancerOptions given) {
    var tag = given.get(HASH_TAG);
    var part = part(given);
    return new KeyBalancer(
        new KeySource(kind(given), keyName(given)),
        tag.isEmpty() ? part : tagged(part, new HashTag(tag.charAt(0), tag.charAt(1)), given),
        placement(ready, given),
        List.copyOf(ready),
        given.get(withoutKey) == WithoutKey.REFUSE ? new Nobody(ready) : new RoundRobin(ready),
        bound(ready, given.get(BOUNDED_LOAD)));
  }

  /** The part within the tag, where there is one. */
  KeyPart tagged(KeyPart part, HashTag tag, BalancerOptions given) {
    return part.then(tag);
  }

  private static @Nullable BoundedLoad bound(List<Endpoint> ready, double factor) {
    if (factor == 0) {
      return null;
    }
    if (factor <= 1) {
      throw new IllegalArgumentException(
          "bounded-load: " + factor + ", expected more than 1, or 0 for none");
    }
    return new BoundedLoad(Weights.chosen(ready), factor);
  }

  /** The name that a kind of key has when none is given; empty for kinds that take none. */
  static String nameIfAbsent(KeySource.Kind kind) {
    return switch (kind) {
      case SOURCE_ADDRESS,
          DESTINATION_ADDRESS,
          URI,
          DNS_NAME,
          RADIUS_USER_NAME,
          RADIUS_CALLING_STATION_ID,
          COMMAND_KEY ->
          "";
      case PARAMETER -> "id";
      case HEADER -> "host";
      case COOKIE -> "session";
      case RDP_COOKIE -> "mstshash";
    };
  }
}
