package io.steelyard.proxy.http;

import io.netty.buffer.ByteBuf;
import io.steelyard.codec.http1.BodyFraming;
import io.steelyard.codec.http1.ChunkScanner;

/** How far one HTTP/1.1 message body has come (RFC 9112 section 6). Reused for many bodies. */
final class BodyProgress {
  /** Returned by {@link #take} when the body is not well-formed. */
  static final int MALFORMED = -1;

  private final ChunkScanner chunks;
  private BodyFraming framing = BodyFraming.NONE;
  private long remaining;
  private long dataBytes;
  private boolean complete = true;

  BodyProgress(ChunkScanner chunks) {
    this.chunks = chunks;
  }

  void begin(BodyFraming framing, long contentLength) {
    this.framing = framing;
    this.remaining = framing == BodyFraming.LENGTH ? contentLength : 0;
    this.dataBytes = 0;
    this.complete =
        framing == BodyFraming.NONE || (framing == BodyFraming.LENGTH && remaining == 0);
    if (framing == BodyFraming.CHUNKED) {
      chunks.reset();
    }
  }

  /**
   * How many of the bytes from {@code from} to {@code to} belong to the body, or {@link
   * #MALFORMED}.
   */
  int take(ByteBuf buf, int from, int to) {
    return complete
        ? 0
        : switch (framing) {
          case NONE -> 0;
          case LENGTH -> takeLength(to - from);
          case CHUNKED -> takeChunks(buf, from, to);
          case UNTIL_CLOSE -> takeAll(to - from);
        };
  }

  boolean isComplete() {
    return complete;
  }

  BodyFraming framing() {
    return framing;
  }

  /** The bytes of content so far, framing not counted. */
  long dataBytes() {
    return framing == BodyFraming.CHUNKED ? chunks.dataBytes() : dataBytes;
  }

  private int takeLength(int available) {
    int taken = (int) Math.min(available, remaining);
    remaining -= taken;
    dataBytes += taken;
    complete = remaining == 0;
    return taken;
  }

  private int takeChunks(ByteBuf buf, int from, int to) {
    int taken = chunks.scan(buf, from, to);
    complete = chunks.done();
    return taken < 0 ? MALFORMED : taken;
  }

  private int takeAll(int available) {
    dataBytes += available;
    return available;
  }
}
