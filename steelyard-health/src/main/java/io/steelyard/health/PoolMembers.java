package io.steelyard.health;

import io.steelyard.balance.Endpoint;
import java.util.List;

/**
 * Who is in a pool at one moment.
 *
 * @param all in their order
 * @param usable those that may be used
 */
public record PoolMembers(List<Endpoint> all, List<Endpoint> usable) {
  public PoolMembers {
    all = List.copyOf(all);
    usable = List.copyOf(usable);
  }
}
