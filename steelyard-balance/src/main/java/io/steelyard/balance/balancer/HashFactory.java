package io.steelyard.balance.balancer;

import io.steelyard.balance.Endpoint;
import io.steelyard.balance.KeySource;
import io.steelyard.balance.hash.HashFunction;
import io.steelyard.balance.hash.KeyHash;
import io.steelyard.balance.hash.Mix;
import io.steelyard.balance.key.FieldValue;
import io.steelyard.balance.key.KeyPart;
import io.steelyard.balance.placement.HaproxyForm;
import io.steelyard.balance.placement.KetamaForm;
import io.steelyard.balance.placement.Modulo;
import io.steelyard.balance.placement.NginxForm;
import io.steelyard.balance.placement.NginxHash;
import io.steelyard.balance.placement.Placement;
import io.steelyard.balance.placement.RingPlacement;
import io.steelyard.balance.placement.SlotMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Makes balancers that are named for what they hash: {@code source-hash}, {@code uri-hash} … They
 * place keys as another program does, {@link Like} which one, by slots or, with {@code consistent},
 * on a ring.
 */
class HashFactory extends KeyFactory {
  static final Option<Like> LIKE = Option.choice("like", Like.HAPROXY);
  static final Option<Boolean> CONSISTENT = Option.flag("consistent", false);
  static final Option<HashFunction> HASH = Option.choice("hash", HashFunction.SDBM);
  static final Option<Boolean> AVALANCHE = Option.flag("avalanche", false);
  static final Option<String> NAME = Option.text("name", "");

  final KeySource.Kind kind;

  HashFactory(String name, KeySource.Kind kind, Option<?>... own) {
    super(name, withCommon(own));
    this.kind = kind;
  }

  private static List<Option<?>> withCommon(Option<?>... own) {
    var all = new ArrayList<Option<?>>(List.of(own));
    all.addAll(List.of(LIKE, CONSISTENT, HASH, AVALANCHE));
    return all;
  }

  @Override
  KeySource.Kind kind(BalancerOptions given) {
    return kind;
  }

  @Override
  String keyName(BalancerOptions given) {
    var name = given.get(NAME);
    return name.isEmpty() ? nameIfAbsent(kind(given)) : name;
  }

  @Override
  KeyPart part(BalancerOptions given) {
    return given.get(LIKE) == Like.NGINX ? KeyPart.NOT_EMPTY : KeyPart.WHOLE;
  }

  @Override
  Placement placement(List<Endpoint> ready, BalancerOptions given) {
    var endpoints = Weights.chosen(ready);
    boolean isConsistent = given.get(CONSISTENT);
    return switch (given.get(LIKE)) {
      case HAPROXY -> {
        var hash = haproxyHash(given);
        yield isConsistent
            ? new RingPlacement(new HaproxyForm(), hash, endpoints)
            : new SlotMap(hash, endpoints);
      }
      case NGINX -> {
        refuse(given, HASH, "nginx hashes with crc32");
        refuse(given, AVALANCHE, "nginx has no such thing");
        yield isConsistent
            ? new RingPlacement(new NginxForm(), HashFunction.CRC32, endpoints)
            : nginxPlacement(endpoints);
      }
      case LVS -> {
        refuse(given, HASH, "LVS has a hash of its own");
        refuse(given, AVALANCHE, "LVS has no such thing");
        refuse(given, CONSISTENT, "LVS's mh is the balancer maglev here");
        yield lvsPlacement(endpoints);
      }
      case TWEMPROXY -> {
        refuse(given, AVALANCHE, "twemproxy has no such thing");
        var hash = isGiven(given, HASH) ? given.get(HASH) : HashFunction.FNV1A_64;
        yield isConsistent
            ? new RingPlacement(new KetamaForm(), hash.inTwemproxy(), endpoints)
            : new Modulo(hash.inTwemproxy(), inOrderOfTwemproxy(endpoints));
      }
    };
  }

  /** By name, the shorter first: twemproxy sorts its servers (src/nc_conf.c). */
  private static Endpoint[] inOrderOfTwemproxy(Endpoint[] endpoints) {
    Arrays.sort(
        endpoints,
        Comparator.comparingInt((Endpoint endpoint) -> KetamaForm.name(endpoint).length())
            .thenComparing(KetamaForm::name));
    return endpoints;
  }

  /** What nginx does when it is not consistent. */
  Placement nginxPlacement(Endpoint[] endpoints) {
    return new NginxHash(endpoints);
  }

  /** What LVS does. */
  Placement lvsPlacement(Endpoint[] endpoints) {
    throw new IllegalArgumentException(
        name() + " is not like LVS, which hashes addresses only: source-hash, destination-hash");
  }

  /** HAProxy's number of a key, before its modifier. */
  KeyHash haproxyBase(BalancerOptions given) {
    return given.get(HASH);
  }

  /** HAProxy's modifier holds for consistent hashing when neither it nor the function is named. */
  private KeyHash haproxyHash(BalancerOptions given) {
    var base = haproxyBase(given);
    boolean isSaid = isGiven(given, AVALANCHE) || isGiven(given, HASH);
    boolean isModified = given.get(isSaid ? AVALANCHE : CONSISTENT);
    return isModified
        ? (key, from, to) -> Integer.toUnsignedLong(Mix.avalanche((int) base.of(key, from, to)))
        : base;
  }

  static boolean isGiven(BalancerOptions given, Option<?> option) {
    return given.names().contains(option.name());
  }

  private static void refuse(BalancerOptions given, Option<?> option, String why) {
    if (isGiven(given, option)) {
      throw new IllegalArgumentException(
          "option " + option.name() + " does not go with like: " + why);
    }
  }

  /** What of a field's value is the key: HAProxy takes the first of a list, the others all. */
  static KeyPart field(BalancerOptions given, boolean domainOnly) {
    return switch (given.get(LIKE)) {
      case HAPROXY -> new FieldValue(domainOnly);
      case NGINX, TWEMPROXY, LVS -> domainOnly ? new FieldValue(true) : KeyPart.NOT_EMPTY;
    };
  }
}
