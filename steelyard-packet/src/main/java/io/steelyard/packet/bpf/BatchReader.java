package io.steelyard.packet.bpf;

import io.steelyard.packet.linux.Errno;
import io.steelyard.packet.linux.SystemCalls;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.BiPredicate;

/** Reads a hash many elements at a time (BPF_MAP_LOOKUP_BATCH, Linux 5.6). */
final class BatchReader {
  private final BpfMap map;
  private final int keySize;
  private final int valueSize;
  private final MemorySegment keys;
  private final MemorySegment values;
  private final MemorySegment position;
  private final MemorySegment attributes;
  private int room;

  BatchReader(BpfMap map, int room, Arena arena) {
    this.map = map;
    this.room = room;
    keySize = map.spec().keySize();
    valueSize = map.valueBytes();
    keys = arena.allocate((long) keySize * room, Long.BYTES);
    values = arena.allocate((long) valueSize * room, Long.BYTES);
    // The kernel keeps a bucket's number or a whole key there.
    position = arena.allocate(Math.max(Integer.BYTES, keySize), Long.BYTES);
    attributes = Bpf.attributes(arena);
  }

  long forEach(BiPredicate<MemorySegment, MemorySegment> visitor) {
    long visited = 0;
    boolean first = true;
    while (true) {
      int result = next(first);
      var errno = result < 0 ? Errno.of(-result) : null;
      if (errno != null && errno != Errno.ENOENT) {
        throw new BpfException(
            "reading map " + map.spec().name(),
            -result,
            errno == Errno.ENOSPC
                ? "a bucket has more than " + room + " elements"
                : "BPF_MAP_LOOKUP_BATCH needs Linux 5.6, " + Hints.kernel());
      }
      visited += visit(Bpf.getInt(attributes, 32), visitor);
      if (errno == Errno.ENOENT) {
        return visited;
      }
      first = false;
    }
  }

  private int next(boolean first) {
    attributes.fill((byte) 0);
    Bpf.putLong(attributes, 0, first ? 0 : position.address());
    Bpf.putLong(attributes, 8, position.address());
    Bpf.putLong(attributes, 16, keys.address());
    Bpf.putLong(attributes, 24, values.address());
    Bpf.putInt(attributes, 32, room);
    Bpf.putInt(attributes, 36, map.descriptor());
    return SystemCalls.bpf(Bpf.MAP_LOOKUP_BATCH, attributes);
  }

  private int visit(int count, BiPredicate<MemorySegment, MemorySegment> visitor) {
    for (int i = 0; i < count; i++) {
      var key = keys.asSlice((long) i * keySize, keySize);
      if (visitor.test(key, values.asSlice((long) i * valueSize, valueSize))) {
        map.delete(key);
      }
    }
    return count;
  }
}
