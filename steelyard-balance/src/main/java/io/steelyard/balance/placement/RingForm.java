package io.steelyard.balance.placement;

import io.steelyard.balance.Endpoint;

/**
 * Where on a ring the points of endpoints are. An endpoint has groups of points, numbered from 0: a
 * heavier one has more groups, and those it has in common with a lighter self are the same.
 * Immutable; equal forms give equal points.
 */
public sealed interface RingForm permits KetamaForm, HaproxyForm, NginxForm, NamedForm {
  /** How many points there may be for all endpoints together; weights are cut down beyond that. */
  int MOST_POINTS = 1 << 22;

  /** How many points there are in a group, for these endpoints. */
  int groupSize(Endpoint[] endpoints);

  /** How many groups each of these endpoints has. */
  int[] groups(Endpoint[] endpoints);

  /** What the points depend on besides address and weight. */
  default long identity(Endpoint endpoint) {
    return 0;
  }

  /**
   * The places of an endpoint's first groups of points.
   *
   * @param places receives them, group by group: as many as are asked for
   * @param size as {@link #groupSize} said
   */
  void places(Endpoint endpoint, int size, int[] places);

  /** Whether a key belongs to the nearest point on either side, not to the next. */
  default boolean isNearest() {
    return false;
  }

  /** How many points a key that is refused passes over. */
  default int patience() {
    return 64;
  }

  /** Whether a key whose patience is over goes on in the configuration's order. */
  default boolean isTireless() {
    return true;
  }

  /** A weight's worth of groups each, or less in proportion when these were too many points. */
  static int[] byWeight(Endpoint[] endpoints, int size) {
    long total = 0;
    for (var endpoint : endpoints) {
      total += endpoint.weight();
    }
    int cut = 0;
    while ((total >> cut) * size > MOST_POINTS) {
      cut++;
    }
    int[] groups = new int[endpoints.length];
    for (int i = 0; i < groups.length; i++) {
      groups[i] = Math.max(1, endpoints[i].weight() >> cut);
    }
    return groups;
  }
}
