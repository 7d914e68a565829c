package io.steelyard.proxy;

import io.steelyard.balance.Endpoint;
import java.util.List;
import java.util.Map;

/** Knows which endpoints may be used. Thread-safe. */
public interface PoolCare {
  /** All may be used, always. */
  PoolCare NONE =
      new PoolCare() {
        @Override
        public void begin(Map<String, List<Endpoint>> pools) {}

        @Override
        public List<Endpoint> ready(String pool, List<Endpoint> all) {
          return all;
        }
      };

  /**
   * Cares for these pools from now on. Called before anybody listens; may wait until enough is
   * known of them.
   *
   * @param pools the endpoints of each pool, by its name
   */
  void begin(Map<String, List<Endpoint>> pools);

  /**
   * The endpoints of a pool that may be used now: some of {@code all}, in their order. Called by
   * event loops: does not wait.
   */
  List<Endpoint> ready(String pool, List<Endpoint> all);

  /**
   * Who is in a pool at one moment.
   *
   * @param all each at its {@link Endpoint#index}
   * @param ready those of them that may be used
   */
  record Members(List<Endpoint> all, List<Endpoint> ready) {
    public Members {
      all = List.copyOf(all);
      ready = List.copyOf(ready);
    }
  }

  /**
   * Who is in a pool now; others than before where names lead elsewhere. As {@link #ready}.
   *
   * @param before who was in it
   */
  default Members members(String pool, List<Endpoint> before) {
    return new Members(before, ready(pool, before));
  }
}
