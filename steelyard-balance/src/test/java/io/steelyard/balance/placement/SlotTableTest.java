package io.steelyard.balance.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.balance.Endpoint;
import io.steelyard.balance.PoolState;
import io.steelyard.model.Address;
import io.steelyard.model.EndpointSpec;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SlotTableTest {
  private static final int SIZE = 65_537;

  private static List<Endpoint> endpoints(int... weights) {
    return new PoolState("p")
        .endpoints(
            IntStream.range(0, weights.length)
                .mapToObj(i ->
                    EndpointSpec.of(
                        new Address("10.0." + i / 250 + "." + (1 + i % 250), 80), weights[i]))
                .toList());
  }

  private static int[] ones(int count) {
    var weights = new int[count];
    Arrays.fill(weights, 1);
    return weights;
  }

  private static int[] shares(int[] slots, int endpoints) {
    var shares = new int[endpoints];
    for (int slot : slots) {
      shares[slot]++;
    }
    return shares;
  }

  @Test
  void sharesAreEven() {
    for (int share : shares(SlotTable.maglev(endpoints(ones(1000)), SIZE), 1000)) {
      assertThat(share).isBetween(64, 67);
    }
  }

  @Test
  void sharesAreInProportionToWeights() {
    for (int[] slots :
        List.of(
            SlotTable.maglev(endpoints(1, 2, 0), SIZE),
            SlotTable.inTurn(endpoints(1, 2, 0), SIZE))) {
      int[] shares = shares(slots, 3);
      assertThat(shares[1]).isBetween(2 * shares[0] - 4, 2 * shares[0] + 4);
      assertThat(shares[2]).isZero();
    }
  }

  @Test
  void turnsAreTurns() {
    int[] slots = SlotTable.inTurn(endpoints(1, 1, 0, 1), SIZE);
    for (int i = 0; i < 3000; i++) {
      assertThat(slots[i]).isEqualTo(new int[] {0, 1, 3}[i % 3]);
    }
  }

  @Test
  void nobodyIsLeftWhenAllWeigh0() {
    assertThat(SlotTable.maglev(endpoints(0, 0), SIZE)).containsOnly(SlotTable.NOBODY);
    assertThat(SlotTable.inTurn(List.of(), SIZE)).containsOnly(SlotTable.NOBODY);
  }

  /** The table of 1,000 endpoints when one leaves: at most 1.5 % of the others' slots move. */
  @Test
  void fewSlotsMoveWhenOneLeaves() {
    int[] before = SlotTable.maglev(endpoints(ones(1000)), SIZE);
    int[] less = ones(1000);
    less[500] = 0;
    int[] after = SlotTable.maglev(endpoints(less), SIZE);
    int moved = 0;
    for (int i = 0; i < before.length; i++) {
      moved += before[i] != 500 && before[i] != after[i] ? 1 : 0;
    }
    assertThat(moved * 100.0 / before.length).isLessThan(1.5);
  }
}
