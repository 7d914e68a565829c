package io.steelyard.balance.key;

/** Takes a part of a value for the key. Pure: no state, no allocation, any thread. */
@FunctionalInterface
public interface KeyPart {
  /** What {@link #of} answers when there is no key. */
  long NONE = -1;

  /** All of it, even if that is nothing. */
  KeyPart WHOLE = KeyPart::range;

  /** All of it; an empty value is no key. */
  KeyPart NOT_EMPTY = (bytes, from, to) -> from == to ? NONE : range(from, to);

  /**
   * The key within {@code bytes[from]} to {@code bytes[to - 1]}.
   *
   * @return a {@linkplain #range range}, or {@link #NONE}
   */
  long of(byte[] bytes, int from, int to);

  /** This, and then a part of what it takes. */
  default KeyPart then(KeyPart next) {
    return (bytes, from, to) -> {
      long range = of(bytes, from, to);
      return range < 0 ? range : next.of(bytes, from(range), to(range));
    };
  }

  /** From here to there, the latter exclusive, in one number. */
  static long range(int from, int to) {
    return (long) from << 32 | to;
  }

  private static long range(byte[] bytes, int from, int to) {
    return range(from, to);
  }

  /** Where a range begins. */
  static int from(long range) {
    return (int) (range >>> 32);
  }

  /** Where a range ends, exclusive. */
  static int to(long range) {
    return (int) range;
  }
}
