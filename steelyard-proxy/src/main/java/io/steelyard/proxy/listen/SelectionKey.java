package io.steelyard.proxy.listen;

import io.steelyard.codec.ByteView;
import java.util.Arrays;

/**
 * The bytes by which a balancer chooses an endpoint for a request or connection: a copy, for a
 * request may be sent again when its head is long edited. Reused; belongs to its event loop.
 */
public final class SelectionKey {
  private static final int USUAL = 64;

  private byte[] bytes = new byte[USUAL];
  private int length = -1;

  /** From 0 to {@link #length}; not to be changed. */
  public byte[] bytes() {
    return bytes;
  }

  /** -1 when there is no key. */
  public int length() {
    return length;
  }

  /** There is no key. */
  public void clear() {
    length = -1;
  }

  /** A copy of these bytes. */
  public void set(byte[] source) {
    reserve(source.length);
    System.arraycopy(source, 0, bytes, 0, source.length);
  }

  /** The bytes in [from, to) of a view. */
  public void set(ByteView view, int from, int to) {
    reserve(to - from);
    for (int i = from; i < to; i++) {
      bytes[i - from] = view.at(i);
    }
  }

  private void reserve(int size) {
    if (size > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(size, 2 * bytes.length));
    }
    length = size;
  }
}
