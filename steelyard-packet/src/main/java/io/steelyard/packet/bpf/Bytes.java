package io.steelyard.packet.bpf;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A window into the bytes of an object file, little-endian. Every access is checked, so that no
 * input leads anywhere but to an {@link ObjectFormatException}.
 */
final class Bytes {
  private static final VarHandle SHORT = view(short[].class);
  private static final VarHandle INT = view(int[].class);
  private static final VarHandle LONG = view(long[].class);

  /** Keeps a file of many references to one long text from costing more than its size. */
  private static final int MAX_TEXT = 1024;

  private final String name;
  private final byte[] array;
  private final int start;
  private final int size;

  private Bytes(String name, byte[] array, int start, int size) {
    this.name = name;
    this.array = array;
    this.start = start;
    this.size = size;
  }

  static Bytes of(String name, byte[] array) {
    return new Bytes(name, array, 0, array.length);
  }

  private static VarHandle view(Class<?> arrayType) {
    return MethodHandles.byteArrayViewVarHandle(arrayType, ByteOrder.LITTLE_ENDIAN);
  }

  int size() {
    return size;
  }

  /** A part of this window under a name of its own, which its messages bear. */
  Bytes slice(String sliceName, long offset, long length) {
    check(offset, length, sliceName);
    return new Bytes(sliceName, array, start + (int) offset, (int) length);
  }

  int u8(long offset) {
    return array[at(offset, 1)] & 0xff;
  }

  int u16(long offset) {
    return (short) SHORT.get(array, at(offset, Short.BYTES)) & 0xffff;
  }

  int i32(long offset) {
    return (int) INT.get(array, at(offset, Integer.BYTES));
  }

  long u32(long offset) {
    return i32(offset) & 0xffff_ffffL;
  }

  /** Values beyond a file's size are refused where they are used as offsets or sizes. */
  long i64(long offset) {
    return (long) LONG.get(array, at(offset, Long.BYTES));
  }

  /** Text up to the next zero byte. */
  String text(long offset) {
    int from = at(offset, 1);
    int limit = Math.min(start + size, from + MAX_TEXT);
    int end = from;
    while (end < limit && array[end] != 0) {
      end++;
    }
    if (end == limit) {
      throw new ObjectFormatException(
          name
              + ": the text at offset "
              + offset
              + " has no end within "
              + (limit - from)
              + " bytes");
    }
    return new String(array, from, end - from, StandardCharsets.UTF_8);
  }

  byte[] copy() {
    var copy = new byte[size];
    System.arraycopy(array, start, copy, 0, size);
    return copy;
  }

  private int at(long offset, int length) {
    check(offset, length, length + " bytes");
    return start + (int) offset;
  }

  private void check(long offset, long length, String what) {
    if (offset < 0 || length < 0 || offset > size || length > size - offset) {
      throw new ObjectFormatException(
          name
              + ": "
              + what
              + " at offset "
              + offset
              + ", length "
              + length
              + " is outside of its "
              + size
              + " bytes");
    }
  }
}
