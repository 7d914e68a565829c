package io.steelyard.codec;

import java.nio.charset.StandardCharsets;

/**
 * A run of bytes that is looked at where it lies: a host or a path in a message head.
 *
 * <p>Routes are looked up through this view, whichever protocol the bytes came with, without a copy
 * or a {@link String}. Case-insensitive helpers fold ASCII letters only. Not thread-safe; views are
 * valid as long as the bytes beneath them.
 */
public interface ByteView {

  /** The number of bytes. */
  int length();

  /**
   * The byte at an index.
   *
   * @throws IndexOutOfBoundsException when {@code index} is not within the view
   */
  byte at(int index);

  /** An unchanging view of a text's UTF-8 bytes, for tables that are built before traffic comes. */
  static ByteView of(String text) {
    return new ArrayView(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The hash of the bytes in [from, to), the same for every view of equal bytes. */
  default int hash(int from, int to) {
    int hash = 0;
    for (int i = from; i < to; i++) {
      hash = 31 * hash + at(i);
    }
    return hash;
  }

  /**
   * The hash of the bytes in [from, to), the same for texts that differ only in the case of ASCII
   * letters.
   */
  default int hashIgnoreCase(int from, int to) {
    int hash = 0;
    for (int i = from; i < to; i++) {
      hash = 31 * hash + lower(at(i));
    }
    return hash;
  }

  /** Whether the bytes from {@code from} on begin with all bytes of {@code other}. */
  default boolean startsWith(int from, ByteView other) {
    int length = other.length();
    if (from < 0 || length > length() - from) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (at(from + i) != other.at(i)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether the bytes in [from, to) are those of {@code other}, the case of ASCII letters aside.
   */
  default boolean equalsIgnoreCase(int from, int to, ByteView other) {
    int length = other.length();
    if (to - from != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (lower(at(from + i)) != lower(other.at(i))) {
        return false;
      }
    }
    return true;
  }

  /** Whether the bytes are those of {@code other}. */
  default boolean sameBytes(ByteView other) {
    return length() == other.length() && startsWith(0, other);
  }

  /** Whether the bytes are those of {@code other}, the case of ASCII letters aside. */
  default boolean equalsIgnoreCase(ByteView other) {
    return equalsIgnoreCase(0, length(), other);
  }

  /** The first index of a byte at or after {@code from}, or -1. */
  default int indexOf(char ascii, int from) {
    for (int i = from; i < length(); i++) {
      if (at(i) == ascii) {
        return i;
      }
    }
    return -1;
  }

  /** A copy as text, one character per byte (ISO 8859-1). It allocates: for messages and tests. */
  default String text() {
    byte[] bytes = new byte[length()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = at(i);
    }
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /** An ASCII capital letter's small one; any other byte itself. */
  static byte lower(byte b) {
    return b >= 'A' && b <= 'Z' ? (byte) (b | 0x20) : b;
  }
}
