package io.steelyard.packet.bpf;

import io.steelyard.packet.linux.SystemCalls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * The reader of a BPF_MAP_TYPE_RINGBUF: what programs put there comes out in their order. Does not
 * wait. For one thread.
 *
 * <p>Source: Documentation/bpf/ringbuf.rst and kernel/bpf/ringbuf.c of Linux. The data is mapped
 * twice, one copy behind the other, so that no record is ever in two pieces.
 */
public final class RingBuffer implements AutoCloseable {
  private static final int BUSY = 1 << 31;
  private static final int DISCARDED = 1 << 30;
  private static final int HEADER_BYTES = 8;
  private static final long PAGE_SIZE = 6;
  private static final VarHandle POSITION = ValueLayout.JAVA_LONG.varHandle();
  private static final VarHandle LENGTH = ValueLayout.JAVA_INT.varHandle();

  private final Arena arena = Arena.ofShared();
  private final long size;
  private final MemorySegment consumer;
  private final MemorySegment producer;
  private final MemorySegment data;

  /** A reader that begins where the one before it ended. */
  public RingBuffer(BpfMap map) {
    size = map.spec().maxEntries();
    int page = pageBytes();
    consumer = SystemCalls.map(map.descriptor(), 0, page, true, arena);
    var rest = SystemCalls.map(map.descriptor(), page, page + 2 * size, false, arena);
    producer = rest.asSlice(0, page);
    data = rest.asSlice(page);
  }

  /** AT_PAGESZ of the auxiliary vector, getauxval(3): pairs of words. */
  private static int pageBytes() {
    try {
      var words =
          ByteBuffer.wrap(Files.readAllBytes(Path.of("/proc/self/auxv")))
              .order(ByteOrder.nativeOrder());
      while (words.remaining() >= 2 * Long.BYTES) {
        if (words.getLong() == PAGE_SIZE) {
          return (int) words.getLong();
        }
        words.getLong();
      }
      throw new IllegalStateException("/proc/self/auxv does not say how large a page is");
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /**
   * Reads what is there.
   *
   * @param reader given each record; its memory is valid during the call
   * @return how many there were
   */
  public int read(Consumer<MemorySegment> reader) {
    int count = 0;
    long at = (long) POSITION.getAcquire(consumer, 0L);
    while (at < (long) POSITION.getAcquire(producer, 0L)) {
      int header = (int) LENGTH.getAcquire(data, at & size - 1);
      if ((header & BUSY) != 0) {
        return count; // it is being written; what comes after it waits, too
      }
      int length = header & ~DISCARDED;
      if ((header & DISCARDED) == 0) {
        reader.accept(data.asSlice((at & size - 1) + HEADER_BYTES, length));
        count++;
      }
      at += HEADER_BYTES + (length + 7 & ~7);
      POSITION.setRelease(consumer, 0L, at);
    }
    return count;
  }

  @Override
  public void close() {
    arena.close();
  }
}
