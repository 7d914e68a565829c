package io.steelyard.packet.bpf;

/** The map types that are used here, with their numbers in enum bpf_map_type and their kernel. */
public enum MapType {
  HASH(1, "3.19"),
  ARRAY(2, "3.19"),
  PROG_ARRAY(3, "4.2"),
  PERCPU_HASH(5, "4.6"),
  PERCPU_ARRAY(6, "4.6"),
  LRU_HASH(9, "4.10"),
  LRU_PERCPU_HASH(10, "4.10"),
  LPM_TRIE(11, "4.11"),
  ARRAY_OF_MAPS(12, "4.12"),
  HASH_OF_MAPS(13, "4.12"),
  DEVMAP(14, "4.14"),
  RINGBUF(27, "5.8");

  private final int number;
  private final String since;

  MapType(int number, String since) {
    this.number = number;
    this.since = since;
  }

  /** The number in the kernel's interface. */
  public int number() {
    return number;
  }

  /** Whether values are kept once per processor. */
  static boolean isPerCpu(int type) {
    return type == PERCPU_HASH.number
        || type == PERCPU_ARRAY.number
        || type == LRU_PERCPU_HASH.number;
  }

  static boolean isArray(int type) {
    return type == ARRAY.number || type == PERCPU_ARRAY.number;
  }

  /** For messages: the name and the kernel that brought it. */
  static String describe(int type) {
    for (var known : values()) {
      if (known.number == type) {
        return known + " (since Linux " + known.since + ")";
      }
    }
    return "type " + type;
  }
}
