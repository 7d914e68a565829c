package io.steelyard.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.steelyard.codec.http1.ChunkScanner;
import org.jspecify.annotations.Nullable;

/**
 * Takes the chunks off a body that is known to be well-formed: hands on the data as slices, and in
 * the end the trailers.
 */
final class ChunkedData {
  /** Where data goes. */
  interface Target {
    /**
     * Data; taken over.
     *
     * @param last no more follows, and no trailers
     */
    void data(ByteBuf slice, boolean last);

    /**
     * All data has come.
     *
     * @param lines the trailers, each line with its end, in [from, to); empty when there are none
     */
    void end(ByteBuf lines, int from, int to);
  }

  private final ChunkScanner chunks = new ChunkScanner(Integer.MAX_VALUE);

  /** What came after the last data, as far as it is not complete. */
  private @Nullable ByteBuf rest;

  /** A new body begins. */
  void reset() {
    chunks.reset();
    release();
  }

  /** Forgets what is held. */
  void release() {
    ByteBuf held = rest;
    if (held != null) {
      rest = null;
      held.release();
    }
  }

  /** Goes through {@code part}, which is taken over. */
  void read(ByteBuf part, Target target) {
    int at = part.readerIndex();
    int end = part.writerIndex();
    while (at < end && !chunks.done()) {
      int next = chunks.step(part, at, end);
      int length = chunks.dataEnd() - chunks.dataStart();
      if (length > 0) {
        release();
        target.data(part.retainedSlice(chunks.dataStart(), length), false);
      } else {
        hold(part, at, next);
      }
      at = next;
    }
    part.release();
    if (chunks.done()) {
      finish(target);
    }
  }

  private void hold(ByteBuf part, int from, int to) {
    ByteBuf held = rest;
    if (held == null) {
      held = part.alloc().directBuffer(Math.max(64, to - from));
      rest = held;
    }
    held.writeBytes(part, from, to - from);
  }

  /** What is held begins with the end of the last data, then the size 0, then the trailers. */
  private void finish(Target target) {
    ByteBuf held = rest == null ? Unpooled.EMPTY_BUFFER : rest;
    int from = held.readerIndex();
    int to = held.writerIndex() - 2; // without the empty line
    if (from < to && held.getByte(from) == '\r') {
      from += 2;
    }
    int sizeEnd = held.indexOf(from, held.writerIndex(), (byte) '\n');
    target.end(held, sizeEnd + 1, Math.max(to, sizeEnd + 1));
    release();
  }
}
