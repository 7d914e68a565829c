package io.steelyard.balance.balancer;

import static io.steelyard.balance.Fixtures.endpoints;
import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.balance.Endpoint;
import io.steelyard.balance.FakeSelection;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TournamentTest {
  @Test
  void agreesWithLookingAtAll() {
    for (int seed = 0; seed < 256; seed++) {
      var random = new SplittableRandom(seed);
      int[] weights = new int[random.nextInt(1, 70)];
      Arrays.fill(weights, 1);
      var endpoints = endpoints(weights).toArray(Endpoint[]::new);
      int[] keys = random.ints(weights.length, 0, 8).toArray();
      var tournament =
          new Tournament(endpoints, (a, b) -> keys[a] != keys[b] ? keys[a] < keys[b] : a < b);
      for (int step = 0; step < 200; step++) {
        int changed = random.nextInt(keys.length);
        keys[changed] = random.nextInt(8);
        tournament.update(changed);

        var selection = new FakeSelection(seed);
        for (int refusals = random.nextInt(4) * random.nextInt(4); refusals > 0; refusals--) {
          selection.refuse(endpoints[random.nextInt(endpoints.length)]);
        }
        assertThat(tournament.first(selection))
            .as("seed %d, step %d", seed, step)
            .isEqualTo(first(keys, endpoints, selection));
      }
    }
  }

  private static int first(int[] keys, Endpoint[] endpoints, FakeSelection selection) {
    int best = -1;
    for (int i = 0; i < keys.length; i++) {
      if (selection.accepts(endpoints[i]) && (best < 0 || keys[i] < keys[best])) {
        best = i;
      }
    }
    return best;
  }
}
