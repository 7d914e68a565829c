package io.steelyard.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Objects;

/**
 * A view of a range of a {@link ByteBuf}, reused for many ranges. It does not retain the buffer;
 * point it elsewhere or {@link #clear()} it before the buffer goes.
 */
public final class BufferView implements ByteView {

  private ByteBuf buf = Unpooled.EMPTY_BUFFER;
  private int from;
  private int length;

  /** Looks at the bytes in [from, to) of a buffer from now on. Returns this view. */
  public BufferView set(ByteBuf buf, int from, int to) {
    Objects.checkFromToIndex(from, to, buf.capacity());
    this.buf = buf;
    this.from = from;
    this.length = to - from;
    return this;
  }

  /** Looks at nothing and forgets the buffer. */
  public void clear() {
    buf = Unpooled.EMPTY_BUFFER;
    from = 0;
    length = 0;
  }

  @Override
  public int length() {
    return length;
  }

  @Override
  public byte at(int index) {
    return buf.getByte(from + Objects.checkIndex(index, length));
  }

  @Override
  public String toString() {
    return text();
  }
}
