package io.steelyard.proxy.http;

import io.steelyard.codec.ByteView;
import java.util.Arrays;

/**
 * The bytes by which a balancer chooses an endpoint for a request: a copy, for a request may be
 * sent again when its head is long edited. Reused; belongs to its event loop.
 */
final class SelectionKey {
  private static final int USUAL = 64;

  private byte[] bytes = new byte[USUAL];
  private int length = -1;

  byte[] bytes() {
    return bytes;
  }

  /** -1 when there is no key. */
  int length() {
    return length;
  }

  void clear() {
    length = -1;
  }

  void set(byte[] source) {
    reserve(source.length);
    System.arraycopy(source, 0, bytes, 0, source.length);
  }

  /** The bytes in [from, to) of a view. */
  void set(ByteView view, int from, int to) {
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
