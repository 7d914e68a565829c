package io.steelyard.balance.hash;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Several bytes as one little-endian number. */
final class LittleEndian {
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private LittleEndian() {}

  static int of4(byte[] bytes, int at) {
    return (int) INT.get(bytes, at);
  }

  static long of8(byte[] bytes, int at) {
    return (long) LONG.get(bytes, at);
  }

  static int of2(byte[] bytes, int at) {
    return (bytes[at] & 0xff) | (bytes[at + 1] & 0xff) << 8;
  }

  /** What is left, four bytes at most: the missing ones are 0. */
  static int rest(byte[] bytes, int from, int to) {
    int word = 0;
    for (int i = from; i < to; i++) {
      word |= (bytes[i] & 0xff) << 8 * (i - from);
    }
    return word;
  }
}
