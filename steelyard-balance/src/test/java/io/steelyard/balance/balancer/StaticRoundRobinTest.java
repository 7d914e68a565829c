package io.steelyard.balance.balancer;

import static io.steelyard.balance.Fixtures.endpoints;
import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.balance.Endpoint;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class StaticRoundRobinTest {
  /** As HAProxy 2.6.12 was seen to answer; {@link HaproxyStaticRoundRobinTest} asks it again. */
  @Test
  void goesRoundAsHaproxyDoes() {
    assertThat(first(7, 5, 1, 1)).containsExactly(map(5, 1, 1));
    assertThat(first(9, 2, 4, 3)).containsExactly(map(2, 4, 3));
    assertThat(first(6, 20, 20, 20)).containsExactly(0, 1, 2, 0, 1, 2);
  }

  @Test
  void agreesWithTheMapForAnyWeights() {
    for (int seed = 0; seed < 512; seed++) {
      var random = new SplittableRandom(seed);
      int greatest = 1 + random.nextInt(100);
      int[] weights = random.ints(1 + random.nextInt(30), 1, greatest + 1).toArray();
      int[] map = map(weights);
      var turns = new StaticRoundRobin(endpoints(weights).toArray(Endpoint[]::new));
      assertThat(turns.period()).isEqualTo(map.length);
      for (int i = 0; i < 2 * map.length + 3; i++) {
        assertThat(turns.next())
            .as("weights %s, turn %d", Arrays.toString(weights), i)
            .isEqualTo(map[i % map.length]);
      }
    }
  }

  @Test
  void aCopyGoesOnApart() {
    var turns = new StaticRoundRobin(endpoints(5, 3, 2).toArray(Endpoint[]::new));
    for (int i = 0; i < 4; i++) {
      turns.next();
    }
    var copy = turns.copy();
    for (int i = 0; i < 30; i++) {
      assertThat(copy.next()).isEqualTo(turns.next());
    }
  }

  /** In a map of 20,000 places each of 10,000 endpoints has its own, made in milliseconds. */
  @Test
  void manyEndpointsGetTheirShares() {
    int[] weights = new int[10_000];
    Arrays.setAll(weights, i -> 1 + i % 3);
    var turns = new StaticRoundRobin(endpoints(weights).toArray(Endpoint[]::new));
    int[] counts = new int[weights.length];
    for (long i = 0; i < turns.period(); i++) {
      counts[turns.next()]++;
    }
    assertThat(counts).containsExactly(weights);
  }

  private static int[] first(int count, int... weights) {
    var turns = new StaticRoundRobin(endpoints(weights).toArray(Endpoint[]::new));
    int[] first = new int[count];
    Arrays.setAll(first, i -> turns.next());
    return first;
  }

  /** The map as HAProxy's recalc_server_map makes it: every server looked at for every place. */
  static int[] map(int... weights) {
    int divisor = Weights.greatestCommonDivisor(weights);
    int[] reduced = Arrays.stream(weights).map(weight -> weight / divisor).toArray();
    int total = Arrays.stream(reduced).sum();
    int[] score = new int[weights.length];
    int[] map = new int[total];
    for (int place = 0; place < total; place++) {
      int best = -1;
      int most = 0;
      for (int i = 0; i < reduced.length; i++) {
        score[i] += reduced[i];
        int sums = (score[i] + total) / total;
        if (best < 0 || sums > most) {
          most = sums;
          best = i;
        }
      }
      score[best] -= total;
      map[place] = best;
    }
    return map;
  }
}
