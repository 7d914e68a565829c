package io.steelyard.packet.bpf;

import org.jspecify.annotations.Nullable;

/**
 * A map as an object file defines it (libbpf's BTF-defined maps).
 *
 * @param type a {@link MapType#number() number} of enum bpf_map_type, kept as a number because an
 *     object may use types that are newer than this reader
 * @param inner the maps that this one holds, when it is a map of maps
 */
public record MapSpec(
    String name,
    int type,
    int keySize,
    int valueSize,
    int maxEntries,
    int flags,
    @Nullable MapSpec inner) {

  /** The same with room for another number of entries. */
  public MapSpec withMaxEntries(int entries) {
    if (entries <= 0) {
      throw new IllegalArgumentException(
          "map " + name + " of " + entries + " entries, expected 1 or more");
    }
    return new MapSpec(name, type, keySize, valueSize, entries, flags, inner);
  }

  /** The same whose inner maps have room for another number of entries. */
  public MapSpec withInnerEntries(int entries) {
    if (inner == null) {
      throw new IllegalArgumentException("map " + name + " holds no maps");
    }
    return new MapSpec(
        name, type, keySize, valueSize, maxEntries, flags, inner.withMaxEntries(entries));
  }
}
