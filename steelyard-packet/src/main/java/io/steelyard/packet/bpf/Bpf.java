package io.steelyard.packet.bpf;

import io.steelyard.packet.linux.SystemCalls;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/**
 * The commands of bpf(2) with the attributes that each takes. Offsets are those of union bpf_attr
 * in include/uapi/linux/bpf.h, which never change.
 */
final class Bpf {
  static final int MAP_CREATE = 0;
  static final int MAP_LOOKUP = 1;
  static final int MAP_UPDATE = 2;
  static final int MAP_DELETE = 3;
  static final int MAP_NEXT_KEY = 4;
  static final int PROGRAM_LOAD = 5;
  static final int PIN = 6;
  static final int GET_PINNED = 7;
  static final int TEST_RUN = 10;
  static final int MAP_BY_ID = 14;
  static final int INFO = 15;
  static final int MAP_FREEZE = 22;
  static final int MAP_LOOKUP_BATCH = 24;
  static final int MAP_UPDATE_BATCH = 26;
  static final int LINK_CREATE = 28;
  static final int LINK_UPDATE = 29;
  static final int LINK_DETACH = 34;

  private static final int ATTRIBUTES_BYTES = 128;
  private static final int MAX_NAME = 15;

  private Bpf() {}

  static MemorySegment attributes(Arena arena) {
    return arena.allocate(ATTRIBUTES_BYTES, Long.BYTES);
  }

  static void putInt(MemorySegment attributes, int offset, int value) {
    attributes.set(ValueLayout.JAVA_INT, offset, value);
  }

  static void putLong(MemorySegment attributes, int offset, long value) {
    attributes.set(ValueLayout.JAVA_LONG, offset, value);
  }

  static int getInt(MemorySegment attributes, int offset) {
    return attributes.get(ValueLayout.JAVA_INT, offset);
  }

  /** Names of objects have at most 15 bytes of letters, digits, dots and underscores. */
  static void putName(MemorySegment attributes, int offset, String name) {
    byte[] bytes = name.replaceAll("[^A-Za-z0-9_.]", "_").getBytes(StandardCharsets.US_ASCII);
    int length = Math.min(bytes.length, MAX_NAME);
    MemorySegment.copy(bytes, 0, attributes, ValueLayout.JAVA_BYTE, offset, length);
  }

  /** A descriptor, or an exception. */
  static int check(int result, String what, String hint) {
    if (result < 0) {
      throw new BpfException(what, -result, hint);
    }
    return result;
  }

  /** The kernel's description of what a descriptor stands for. */
  static MemorySegment info(int descriptor, int bytes, Arena arena) {
    var info = arena.allocate(bytes, Long.BYTES);
    var attributes = attributes(arena);
    putInt(attributes, 0, descriptor);
    putInt(attributes, 4, bytes);
    putLong(attributes, 8, info.address());
    check(SystemCalls.bpf(INFO, attributes), "reading what a descriptor stands for", "");
    return info;
  }
}
