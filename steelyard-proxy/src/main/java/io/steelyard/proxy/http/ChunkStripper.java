package io.steelyard.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.steelyard.codec.http1.ChunkScanner;

/** Takes the chunks off bodies on their way to clients that do not know them (HTTP/1.0). */
final class ChunkStripper {
  private final ChunkScanner chunks = new ChunkScanner(Integer.MAX_VALUE);

  /** A new body begins. */
  void reset() {
    chunks.reset();
  }

  /**
   * Writes the data in {@code part}, which is taken over and known to be well-formed; returns its
   * length.
   */
  int write(ChannelHandlerContext target, ByteBuf part) {
    int written = 0;
    int at = part.readerIndex();
    int end = part.writerIndex();
    while (at < end && !chunks.done()) {
      at = chunks.step(part, at, end);
      int length = chunks.dataEnd() - chunks.dataStart();
      if (length > 0) {
        target.write(part.retainedSlice(chunks.dataStart(), length), target.voidPromise());
        written += length;
      }
    }
    part.release();
    return written;
  }
}
