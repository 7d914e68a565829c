package io.steelyard.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/** Small turns with buffers that both sides need. */
final class Buffers {
  private Buffers() {}

  /** One buffer with the bytes of both, which are taken over. */
  static ByteBuf append(ByteBuf first, ByteBuf second, ByteBufAllocator allocator) {
    int added = second.readableBytes();
    if (first.refCnt() == 1 && first.maxFastWritableBytes() >= added) {
      first.writeBytes(second);
      second.release();
      return first;
    }
    int length = first.readableBytes() + added;
    ByteBuf both = allocator.directBuffer(Math.max(2048, 2 * length));
    both.writeBytes(first).writeBytes(second);
    first.release();
    second.release();
    return both;
  }

  /**
   * Skips {@code count} bytes: the buffer when more follow; null, and the buffer released, when
   * none do.
   */
  static @Nullable ByteBuf skip(ByteBuf buf, int count) {
    if (buf.readableBytes() > count) {
      return buf.skipBytes(count);
    }
    buf.release();
    return null;
  }
}
