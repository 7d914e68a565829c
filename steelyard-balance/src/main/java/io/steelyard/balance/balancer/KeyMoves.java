package io.steelyard.balance.balancer;

import io.steelyard.balance.Balancer;
import io.steelyard.balance.Endpoint;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which keys move when the endpoints, their weights or the balancer change: what has to be copied
 * between shards, or how many misses caches will have. Immutable.
 *
 * @param keys how many keys were looked at
 * @param moved how many of them another endpoint has now
 * @param paths how many of those that moved went from where to where, in alphabetical order
 */
public record KeyMoves(long keys, long moved, Map<Path, Long> paths) {
  private static final String NOWHERE = "";

  /**
   * From one endpoint to another.
   *
   * @param from the address of who had the key; empty for nobody
   * @param to the address of who has it now; empty for nobody
   */
  public record Path(String from, String to) {}

  /**
   * Compares where two balancers place keys when all endpoints are accepted. Changes neither; not
   * for the hot path. Both belong to the calling thread.
   *
   * @param keys what {@link io.steelyard.balance.Selection#key} would hold
   * @throws IllegalArgumentException when one of the balancers does not choose by a key
   */
  public static KeyMoves between(Balancer before, Balancer after, Iterable<byte[]> keys) {
    var from = keyed(before);
    var to = keyed(after);
    var paths = new TreeMap<Path, Long>(Comparator.comparing(Path::from).thenComparing(Path::to));
    long all = 0;
    long moved = 0;
    for (byte[] key : keys) {
      all++;
      var path = new Path(name(from.home(key)), name(to.home(key)));
      if (!path.from().equals(path.to())) {
        moved++;
        paths.merge(path, 1L, Long::sum);
      }
    }
    return new KeyMoves(all, moved, paths);
  }

  /** Whether keys have places with a balancer. */
  public static boolean isKeyed(Balancer balancer) {
    return balancer instanceof KeyBalancer;
  }

  private static KeyBalancer keyed(Balancer balancer) {
    if (balancer instanceof KeyBalancer keyed) {
      return keyed;
    }
    throw new IllegalArgumentException(
        balancer.getClass().getSimpleName() + " does not choose by a key");
  }

  private static String name(@Nullable Endpoint endpoint) {
    return endpoint == null ? NOWHERE : endpoint.name();
  }
}
