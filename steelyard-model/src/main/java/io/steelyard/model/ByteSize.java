package io.steelyard.model;

import java.util.regex.Pattern;

/**
 * A number of bytes: {@code 64KiB}, {@code 10MB}, {@code 512}.
 *
 * @param bytes how many; not negative
 */
public record ByteSize(long bytes) implements Comparable<ByteSize> {
  /**
   * The syntax, as a regular expression that Java and ECMAScript (JSON Schema) read alike. Nine
   * digits of the largest unit are an exabyte, which a long holds.
   */
  public static final String SYNTAX = "^[0-9]{1,9}(B|kB|KB|KiB|MB|MiB|GB|GiB)?$";

  private static final Pattern PATTERN = Pattern.compile(SYNTAX);
  private static final String[] UNITS = {"GiB", "GB", "MiB", "MB", "KiB", "kB"};

  public ByteSize {
    if (bytes < 0) {
      throw new IllegalArgumentException(
          bytes + " is not a size, expected a number of bytes from 0");
    }
  }

  /**
   * Reads a size. A number without a unit counts bytes.
   *
   * @throws IllegalArgumentException when the text is not a size; the message says what was
   *     expected
   */
  public static ByteSize parse(String text) {
    var matcher = PATTERN.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          Quote.of(text)
              + " is not a size, expected a whole number and a unit such as 512B, 64KiB or 10MB");
    }
    var unit = matcher.group(1);
    return unit == null
        ? new ByteSize(Long.parseLong(text))
        : new ByteSize(Long.parseLong(text.substring(0, matcher.start(1))) * factor(unit));
  }

  private static long factor(String unit) {
    return switch (unit) {
      case "B" -> 1;
      case "kB", "KB" -> 1_000;
      case "KiB" -> 1L << 10;
      case "MB" -> 1_000_000;
      case "MiB" -> 1L << 20;
      case "GB" -> 1_000_000_000;
      case "GiB" -> 1L << 30;
      default -> throw new AssertionError(unit);
    };
  }

  @Override
  public int compareTo(ByteSize other) {
    return Long.compare(bytes, other.bytes);
  }

  /** The size in the largest unit that holds it exactly; {@link #parse} reads it back. */
  @Override
  public String toString() {
    for (var unit : UNITS) {
      if (bytes != 0 && bytes % factor(unit) == 0) {
        return bytes / factor(unit) + unit;
      }
    }
    return bytes + "B";
  }
}
