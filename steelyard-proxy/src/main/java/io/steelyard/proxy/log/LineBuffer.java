package io.steelyard.proxy.log;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes that wait to be written; grows as it must. Not thread-safe. */
final class LineBuffer {
  private byte[] bytes;
  private int length;

  LineBuffer(int capacity) {
    bytes = new byte[capacity];
  }

  int length() {
    return length;
  }

  byte[] bytes() {
    return bytes;
  }

  /** Forgets what is before {@code from} and from {@code to} on. */
  void keep(int from, int to) {
    System.arraycopy(bytes, from, bytes, 0, to - from);
    length = to - from;
  }

  void clear() {
    length = 0;
  }

  void put(byte b) {
    reserve(1);
    bytes[length++] = b;
  }

  void put(byte[] source) {
    put(source, 0, source.length);
  }

  void put(byte[] source, int from, int to) {
    int count = to - from;
    reserve(count);
    System.arraycopy(source, from, bytes, length, count);
    length += count;
  }

  /** A decimal number; a negative one counts as 0. */
  void number(long n) {
    number(n, 1);
  }

  /** A decimal number, with leading zeros up to so many digits; a negative one counts as 0. */
  void number(long n, int minDigits) {
    long rest = Math.max(n, 0);
    int digits = Math.max(minDigits, digits(rest));
    reserve(digits);
    for (int i = length + digits - 1; i >= length; i--) {
      bytes[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    length += digits;
  }

  private static int digits(long n) {
    int digits = 1;
    for (long rest = n; rest >= 10; rest /= 10) {
      digits++;
    }
    return digits;
  }

  /** Nanoseconds as milliseconds with three decimals. */
  void millis(long nanos) {
    long micros = Math.max(nanos, 0) / 1_000;
    number(micros / 1_000);
    put((byte) '.');
    number(micros % 1_000, 3);
  }

  private void reserve(int count) {
    if (bytes.length - length < count) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + count));
    }
  }

  @Override
  public String toString() {
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }
}
