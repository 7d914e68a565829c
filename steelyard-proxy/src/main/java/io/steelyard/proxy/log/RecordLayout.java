package io.steelyard.proxy.log;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Where a record's parts are in the ring, relative to its first byte. First the numbers, then the
 * lengths of the texts (-1: absent), then the texts, one after the other: those of {@link
 * AccessRecord.Text} in their order, then the names.
 *
 * <pre>
 *   | size | status | start | bytes in | bytes out | … | lengths | method target host … listener client pool endpoint | pad |
 * </pre>
 */
final class RecordLayout {
  static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.nativeOrder());
  static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
  static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.nativeOrder());

  static final int SIZE = 0;
  static final int STATUS = 4;
  static final int START = 8;
  static final int BYTES_IN = 16;
  static final int BYTES_OUT = 24;
  static final int TOTAL = 32;
  static final int CONNECT = 40;
  static final int FIRST_BYTE = 48;
  static final int ANSWER_HEAD = 56;
  static final int ATTEMPTS = 60;
  static final int CLIENT_PORT = 64;
  static final int MINOR_VERSION = 68;
  static final int REASON = 72;
  static final int LENGTHS = 76;

  static final int LISTENER = AccessRecord.Text.COUNT;
  static final int CLIENT = LISTENER + 1;
  static final int POOL = CLIENT + 1;
  static final int ENDPOINT = POOL + 1;
  static final int FIELDS = ENDPOINT + 1;

  static final int TEXTS = LENGTHS + Short.BYTES * FIELDS;

  /** Instead of a size: nothing follows up to the end of the ring. */
  static final int SKIP = -1;

  /** Records begin at multiples of this, so that a size always fits before the end of the ring. */
  static final int ALIGNMENT = 8;

  /** Names are the configuration's and the socket's, but a bound costs nothing. */
  static final int NAME_LIMIT = 255;

  private RecordLayout() {}

  static int align(int size) {
    return (size + ALIGNMENT - 1) & -ALIGNMENT;
  }
}
