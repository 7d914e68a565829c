package io.steelyard.proxy.route;

import io.steelyard.codec.ByteView;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Host names to the routes that name them: open addressing over bytes, no strings at look-up.
 * Immutable.
 */
final class HostTable {
  static final int EMPTY_HASH = 0x811c9dc5;
  private static final int FNV_PRIME = 0x01000193;

  private final byte[] @Nullable [] names;
  private final int[] hashes;
  private final @Nullable PrefixTrie[] groups;
  private final int size;

  private HostTable(int capacity, int size) {
    this.names = new byte[capacity][];
    this.hashes = new int[capacity];
    this.groups = new PrefixTrie[capacity];
    this.size = size;
  }

  static HostTable of(Map<String, PrefixTrie> hosts) {
    int capacity = Integer.highestOneBit(Math.max(1, hosts.size()) * 4 - 1);
    HostTable table = new HostTable(capacity, hosts.size());
    hosts.forEach(table::put);
    return table;
  }

  boolean isEmpty() {
    return size == 0;
  }

  /**
   * The routes of the name that is {@code host} from {@code from} to {@code end}, whose hash is
   * {@code hash}.
   */
  @Nullable PrefixTrie find(ByteView host, int from, int end, int hash) {
    if (size == 0) {
      return null;
    }
    int slot = slotOf(hash);
    byte[] name = names[slot];
    while (name != null) {
      if (hashes[slot] == hash && equal(name, host, from, end)) {
        return groups[slot];
      }
      slot = (slot + 1) & (names.length - 1);
      name = names[slot];
    }
    return null;
  }

  /** Where the name in {@code host} ends: before a port and before a trailing dot. */
  static int nameEnd(ByteView host) {
    int end = host.length();
    for (int i = end - 1; i >= 0; i--) {
      byte b = host.at(i);
      if (b == ':') {
        end = i;
        break;
      }
      if (b < '0' || b > '9') {
        break;
      }
    }
    return end > 0 && host.at(end - 1) == '.' ? end - 1 : end;
  }

  /** FNV-1a without case; a name is hashed from its last byte to its first. */
  static int hashStep(int hash, byte b) {
    return (hash ^ ByteView.lower(b)) * FNV_PRIME;
  }

  private void put(String host, PrefixTrie group) {
    byte[] name = host.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.ISO_8859_1);
    int hash = EMPTY_HASH;
    for (int i = name.length - 1; i >= 0; i--) {
      hash = hashStep(hash, name[i]);
    }
    int slot = slotOf(hash);
    while (names[slot] != null) {
      slot = (slot + 1) & (names.length - 1);
    }
    names[slot] = name;
    hashes[slot] = hash;
    groups[slot] = group;
  }

  private int slotOf(int hash) {
    return (hash ^ (hash >>> 15)) & (names.length - 1);
  }

  private static boolean equal(byte[] name, ByteView host, int from, int end) {
    if (name.length != end - from) {
      return false;
    }
    for (int i = 0; i < name.length; i++) {
      if (name[i] != ByteView.lower(host.at(from + i))) {
        return false;
      }
    }
    return true;
  }
}
