package io.steelyard.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class MaglevSlotsTest {
  private static final MaglevSlots MAGLEV = new MaglevSlots(ForwardingTable.SLOTS);

  private static List<PacketEndpoint> endpoints(int count) {
    var endpoints = new ArrayList<PacketEndpoint>();
    for (int i = 0; i < count; i++) {
      endpoints.add(new PacketEndpoint(Frame.address("10.0." + i / 250 + "." + (1 + i % 250)), 80));
    }
    return endpoints;
  }

  private static int[] weights(int count) {
    int[] weights = new int[count];
    Arrays.fill(weights, 1);
    return weights;
  }

  private static int[] shares(int[] slots, int endpoints) {
    int[] shares = new int[endpoints];
    for (int slot : slots) {
      shares[slot]++;
    }
    return shares;
  }

  @Test
  void sharesAreEven() {
    for (int share : shares(MAGLEV.fill(endpoints(1000), weights(1000)), 1000)) {
      assertThat(share).isBetween(64, 67);
    }
  }

  @Test
  void sharesAreInProportionToWeights() {
    int[] shares = shares(MAGLEV.fill(endpoints(3), new int[] {1, 2, 0}), 3);
    assertThat(shares[1]).isBetween(2 * shares[0] - 4, 2 * shares[0] + 4);
    assertThat(shares[2]).isZero();
  }

  @Test
  void nobodyIsLeftWhenAllWeigh0() {
    assertThat(MAGLEV.fill(endpoints(2), new int[2])).containsOnly(ForwardingTable.NOBODY);
  }

  /** The table of 1,000 endpoints when one leaves: at most 1.5 % of the others' slots move. */
  @Test
  void fewSlotsMoveWhenOneLeaves() {
    var all = endpoints(1000);
    int[] before = MAGLEV.fill(all, weights(1000));
    int[] less = weights(1000);
    less[500] = 0;
    int[] after = MAGLEV.fill(all, less);
    int moved = 0;
    for (int i = 0; i < before.length; i++) {
      moved += before[i] != 500 && before[i] != after[i] ? 1 : 0;
    }
    assertThat(moved * 100.0 / before.length).isLessThan(1.5);
  }
}
