package io.steelyard.packet;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Fills slots so that each endpoint has its share, and few change hands when the endpoints change.
 *
 * <p>Source: Eisenbud et al., Maglev: A Fast and Reliable Software Network Load Balancer, NSDI
 * 2016, section 3.4; weights as in Envoy: an endpoint takes its turn when enough rounds have passed
 * for its weight.
 */
final class MaglevSlots {
  private final int size;

  /** Of a prime number of slots, so that every permutation visits all. */
  MaglevSlots(int size) {
    this.size = size;
  }

  int[] fill(List<PacketEndpoint> endpoints, int[] weights) {
    if (weights.length != endpoints.size()) {
      throw new IllegalArgumentException(
          weights.length + " weights for " + endpoints.size() + " endpoints");
    }
    int[] slots = new int[size];
    Arrays.fill(slots, ForwardingTable.NOBODY);
    int heaviest = Arrays.stream(weights).max().orElse(0);
    if (heaviest > 0) {
      takeTurns(slots, permutations(endpoints), weights, heaviest);
    }
    return slots;
  }

  /**
   * For each endpoint where it would like to begin, and how far it goes from one wish to the next.
   */
  private long[][] permutations(List<PacketEndpoint> endpoints) {
    var permutations = new long[endpoints.size()][];
    for (int i = 0; i < permutations.length; i++) {
      byte[] identity = endpoints.get(i).toString().getBytes(StandardCharsets.UTF_8);
      long offset = hash(identity, 1) % size;
      long skip = hash(identity, 2) % (size - 1) + 1;
      permutations[i] = new long[] {offset, skip};
    }
    return permutations;
  }

  private void takeTurns(int[] slots, long[][] next, int[] weights, int heaviest) {
    var credit = new long[weights.length];
    int filled = 0;
    while (true) {
      for (int i = 0; i < weights.length; i++) {
        credit[i] += weights[i];
        if (weights[i] == 0 || credit[i] < heaviest) {
          continue;
        }
        credit[i] -= heaviest;
        slots[firstFree(slots, next[i])] = i;
        if (++filled == size) {
          return;
        }
      }
    }
  }

  private int firstFree(int[] slots, long[] next) {
    while (slots[(int) next[0]] != ForwardingTable.NOBODY) {
      next[0] = (next[0] + next[1]) % size;
    }
    return (int) next[0];
  }

  /** The same on every balancer, whatever its Java. */
  private static long hash(byte[] identity, int seed) {
    var checksum = new CRC32C();
    checksum.update(seed);
    checksum.update(identity);
    long value = checksum.getValue() * 0x9e3779b97f4a7c15L;
    return (value ^ value >>> 32) & 0xffff_ffffL;
  }
}
