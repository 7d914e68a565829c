package io.steelyard.packet.bpf;

import io.steelyard.packet.linux.Errno;
import io.steelyard.packet.linux.SystemCalls;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Stores many elements with few system calls (BPF_MAP_UPDATE_BATCH; of prefixes since Linux 5.13,
 * before that one by one). What is put is there after {@link #flush} at the latest. For one thread.
 */
public final class BatchWriter implements AutoCloseable {
  private static final int ROOM = 4096;

  private final BpfMap map;
  private final Arena arena = Arena.ofConfined();
  private final int keySize;
  private final int valueSize;
  private final MemorySegment keys;
  private final MemorySegment values;
  private final MemorySegment attributes;
  private int count;

  BatchWriter(BpfMap map) {
    this.map = map;
    keySize = map.spec().keySize();
    valueSize = map.valueBytes();
    keys = arena.allocate((long) keySize * ROOM, Long.BYTES);
    values = arena.allocate((long) valueSize * ROOM, Long.BYTES);
    attributes = Bpf.attributes(arena);
  }

  /** Stores an element, new or not; of one key the last one counts. */
  public void put(MemorySegment key, MemorySegment value) {
    map.checkSizes(key, value);
    keys.asSlice((long) count * keySize, keySize).copyFrom(key);
    values.asSlice((long) count * valueSize, valueSize).copyFrom(value);
    if (++count == ROOM) {
      flush();
    }
  }

  /**
   * Stores what was put.
   *
   * @throws BpfException when the kernel refuses; some may be stored then
   */
  public void flush() {
    if (count == 0) {
      return;
    }
    attributes.fill((byte) 0);
    Bpf.putLong(attributes, 16, keys.address());
    Bpf.putLong(attributes, 24, values.address());
    Bpf.putInt(attributes, 32, count);
    Bpf.putInt(attributes, 36, map.descriptor());
    int result = SystemCalls.bpf(Bpf.MAP_UPDATE_BATCH, attributes);
    if (result < 0 && isUnknown(Errno.of(-result))) {
      flushOneByOne();
    } else {
      Bpf.check(result, "writing map " + map.spec().name(), map.fullHint(result));
    }
    count = 0;
  }

  private static boolean isUnknown(Errno errno) {
    return errno == Errno.ENOTSUPP || errno == Errno.EOPNOTSUPP || errno == Errno.EINVAL;
  }

  private void flushOneByOne() {
    for (int i = 0; i < count; i++) {
      map.update(
          keys.asSlice((long) i * keySize, keySize),
          values.asSlice((long) i * valueSize, valueSize));
    }
  }

  /** Lets go of its memory; what was not flushed is not stored. */
  @Override
  public void close() {
    arena.close();
  }
}
