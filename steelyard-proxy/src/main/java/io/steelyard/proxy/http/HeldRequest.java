package io.steelyard.proxy.http;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a request as they go to an endpoint, held until they have been sent and can no
 * longer be needed again. Reused for many requests; the bytes are not copied.
 */
final class HeldRequest {
  private @Nullable ByteBuf[] parts = new ByteBuf[4];
  private int[] starts = new int[4];
  private int count;
  private long bytes;
  private boolean shared;

  /** Takes over {@code part}. */
  void add(ByteBuf part) {
    if (count == parts.length) {
      parts = Arrays.copyOf(parts, count * 2);
      starts = Arrays.copyOf(starts, count * 2);
    }
    parts[count] = part;
    starts[count++] = part.readerIndex();
    bytes += part.readableBytes();
  }

  long bytes() {
    return bytes;
  }

  boolean isEmpty() {
    return count == 0;
  }

  /**
   * From now on it may be on its way on two connections at a time: what is written has positions of
   * its own.
   */
  void share() {
    shared = true;
  }

  /** Sends the request and keeps it, so that it can be sent again. */
  void sendAndKeep(EndpointStream target) {
    for (int i = 0; i < count; i++) {
      ByteBuf part = parts[i];
      if (part != null) {
        ByteBuf written =
            shared
                ? part.retainedDuplicate().readerIndex(0).writerIndex(part.writerIndex())
                : part.retain();
        target.sendBody(written.readerIndex(starts[i]));
      }
    }
  }

  /** Sends the request and lets go of it. */
  void sendAndForget(EndpointStream target) {
    for (int i = 0; i < count; i++) {
      ByteBuf part = parts[i];
      if (part != null) {
        parts[i] = null;
        target.sendBody(part.readerIndex(starts[i]));
      }
    }
    forgetParts();
  }

  /** Lets go of the request. */
  void release() {
    for (int i = 0; i < count; i++) {
      ByteBuf part = parts[i];
      if (part != null) {
        parts[i] = null;
        part.release();
      }
    }
    forgetParts();
  }

  private void forgetParts() {
    count = 0;
    bytes = 0;
    shared = false;
  }
}
