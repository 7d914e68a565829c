package io.steelyard.balance.balancer;

import java.util.Arrays;

/**
 * Which endpoints serve which keys: a table of bounded size, of which each key finds its place by
 * its hash, four places to a bucket; when these are taken, the key that was not asked for the
 * longest makes way. Keys are known by 64 bits of hash: that two of a million are taken for one has
 * a chance of 1 in 37 million. Allocates nothing once made. Belongs to one event loop.
 */
final class LocalityTable {
  private static final int WAYS = 4;

  private final int width;
  private final int buckets;

  /** 0 where nothing is. */
  private final long[] hashes;

  private final long[] used;
  private final long[] changed;
  private final int[] sizes;

  /** The positions of each entry's endpoints, {@link #width} places for each. */
  private final int[] members;

  /**
   * An empty table.
   *
   * @param entries how many keys it has places for, a power of two and 4 at least
   * @param width how many endpoints a key can have at most
   */
  LocalityTable(int entries, int width) {
    this.width = width;
    this.buckets = entries / WAYS;
    this.hashes = new long[entries];
    this.used = new long[entries];
    this.changed = new long[entries];
    this.sizes = new int[entries];
    this.members = new int[entries * width];
  }

  /** FNV-1a (draft-eastlake-fnv), its bits mixed as MurmurHash3 does at its end; never 0. */
  static long hash(byte[] key, int length) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < length; i++) {
      hash = (hash ^ (key[i] & 0xff)) * 0x100000001b3L;
    }
    hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
    hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
    hash ^= hash >>> 33;
    return hash == 0 ? 1 : hash;
  }

  /** The entry of a key, or -1. */
  int find(long hash) {
    int first = first(hash);
    for (int entry = first; entry < first + WAYS; entry++) {
      if (hashes[entry] == hash) {
        return entry;
      }
    }
    return -1;
  }

  /** Makes an entry without endpoints for a key that has none. */
  int add(long hash, long now) {
    int first = first(hash);
    int oldest = first;
    for (int entry = first; entry < first + WAYS; entry++) {
      if (hashes[entry] == 0) {
        oldest = entry;
        break;
      }
      if (used[entry] - used[oldest] < 0) {
        oldest = entry;
      }
    }
    hashes[oldest] = hash;
    sizes[oldest] = 0;
    used[oldest] = now;
    changed[oldest] = now;
    return oldest;
  }

  private int first(long hash) {
    return (int) Math.unsignedMultiplyHigh(hash, buckets) * WAYS;
  }

  long used(int entry) {
    return used[entry];
  }

  void use(int entry, long now) {
    used[entry] = now;
  }

  /** When its endpoints changed last. */
  long changed(int entry) {
    return changed[entry];
  }

  int size(int entry) {
    return sizes[entry];
  }

  int member(int entry, int i) {
    return members[entry * width + i];
  }

  boolean isFull(int entry) {
    return sizes[entry] == width;
  }

  boolean has(int entry, int position) {
    for (int i = 0; i < sizes[entry]; i++) {
      if (member(entry, i) == position) {
        return true;
      }
    }
    return false;
  }

  void insert(int entry, int position, long now) {
    members[entry * width + sizes[entry]++] = position;
    changed[entry] = now;
  }

  void remove(int entry, int i, long now) {
    members[entry * width + i] = member(entry, --sizes[entry]);
    changed[entry] = now;
  }

  /**
   * Takes over all that the other knows.
   *
   * @param moved where the endpoint at each position is now, or -1
   */
  void takeOver(LocalityTable other, int[] moved) {
    for (int old = 0; old < other.hashes.length; old++) {
      if (other.hashes[old] != 0) {
        int entry = add(other.hashes[old], other.used[old]);
        for (int i = 0; i < Math.min(other.sizes[old], width); i++) {
          int position = moved[other.member(old, i)];
          if (position >= 0) {
            insert(entry, position, other.changed[old]);
          }
        }
      }
    }
  }

  /** How many keys it knows. */
  long count() {
    return Arrays.stream(hashes).filter(hash -> hash != 0).count();
  }
}
