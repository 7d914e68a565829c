package io.steelyard.balance.balancer;

import io.steelyard.balance.Endpoint;
import io.steelyard.balance.placement.RangeTable;
import io.steelyard.balance.placement.RangeTable.Range;
import io.steelyard.balance.placement.Ranges;
import io.steelyard.model.Address;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code range}: the key, a number, is in a range, and the range is an endpoint's.
 *
 * <p><b>Rule.</b> {@link Ranges}. Option {@code ranges} lists them, {@code from} and {@code to}
 * both inclusive; gaps and overlaps are mistakes. A range more is added by a configuration that has
 * it: no key of the others moves. A key in no range, and one whose endpoint is not ready, is
 * refused: another endpoint does not have what is looked for. So is a request without a number,
 * unless {@code without-key} says otherwise.
 *
 * <p>Without {@code ranges}, to try it out, 0 to 999,999 is divided among the endpoints that are
 * ready.
 *
 * <p><b>When.</b> Data that is stored by ranges of a number.
 */
final class RangeOfKey {
  private static final long TRIAL = 1_000_000;
  private static final String EXPECTED =
      "a list of { from: NUMBER, to: NUMBER, endpoint: ADDRESS }";
  private static final Set<String> KEYS = Set.of("from", "to", "endpoint");

  private static final Option<RangeTable> RANGES =
      Option.of("ranges", EXPECTED, new RangeTable(List.of()), RangeOfKey::table);

  private static final Option<KeyFactory.WithoutKey> WITHOUT_KEY =
      Option.choice("without-key", KeyFactory.WithoutKey.REFUSE);

  static final BalancerFactory FACTORY =
      new NumberFactory(
          "range",
          (endpoints, given) -> {
            var table = given.get(RANGES);
            return new Ranges(
                table.ranges().isEmpty() ? trial(endpoints) : table, List.of(endpoints));
          },
          WITHOUT_KEY,
          RANGES);

  private RangeOfKey() {}

  private static @Nullable RangeTable table(Object found) {
    if (!(found instanceof List<?> list) || list.isEmpty()) {
      return null;
    }
    var ranges = new ArrayList<Range>();
    for (var item : list) {
      ranges.add(range(item, ranges.size() + 1));
    }
    return new RangeTable(ranges);
  }

  private static Range range(Object item, int number) {
    if (item instanceof Map<?, ?> map
        && map.keySet().equals(KEYS)
        && whole(map.get("from")) instanceof Long from
        && whole(map.get("to")) instanceof Long to
        && map.get("endpoint") instanceof String endpoint) {
      try {
        return new Range(from, to, Address.parse(endpoint).toString());
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("range " + number + ": " + e.getMessage(), e);
      }
    }
    throw new IllegalArgumentException(
        "range "
            + number
            + ": "
            + item
            + ", expected { from: NUMBER, to: NUMBER, endpoint: ADDRESS }");
  }

  private static @Nullable Long whole(@Nullable Object found) {
    return found instanceof Long || found instanceof Integer ? ((Number) found).longValue() : null;
  }

  private static RangeTable trial(Endpoint[] endpoints) {
    var ranges = new ArrayList<Range>();
    for (int i = 0; i < endpoints.length; i++) {
      long from = TRIAL * i / endpoints.length;
      long to = TRIAL * (i + 1) / endpoints.length - 1;
      ranges.add(new Range(from, to, endpoints[i].name()));
    }
    return new RangeTable(ranges);
  }
}
