package io.steelyard.balance.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.balance.Endpoint;
import io.steelyard.balance.PoolState;
import io.steelyard.balance.hash.HashFunction;
import io.steelyard.model.Address;
import io.steelyard.model.EndpointSpec;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MaglevTest {
  /** Envoy, test/common/upstream/maglev_lb_test.cc: Basic and Weighted. */
  @Test
  void fillsItsTableAsEnvoyDoes() {
    assertThat(table(7, 1, 1, 1, 1, 1, 1)).containsExactly(2, 4, 0, 1, 5, 0, 3);
    assertThat(table(17, 1, 2)).containsExactly(1, 0, 0, 1, 0, 1, 1, 0, 1, 1, 1, 1, 1, 0, 1, 0, 1);
  }

  private static List<Integer> table(int size, int... weights) {
    List<Endpoint> endpoints =
        new PoolState("p")
            .endpoints(
                IntStream.range(0, weights.length)
                    .mapToObj(i -> EndpointSpec.of(new Address("127.0.0.1", 90 + i), weights[i]))
                    .toList());
    Maglev maglev = new Maglev(HashFunction.XXHASH64, size, endpoints.toArray(Endpoint[]::new));
    return Arrays.stream(maglev.slots()).map(Endpoint::index).toList();
  }
}
