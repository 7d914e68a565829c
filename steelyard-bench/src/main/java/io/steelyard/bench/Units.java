package io.steelyard.bench;

/** Numbers with units as wrk prints them. */
final class Units {
  private Units() {}

  /** Microseconds in {@code 250.00us}, {@code 5.80ms}, {@code 1.20s}, {@code 2.00m}, {@code 1h}. */
  static double micros(String text) {
    int unit = unitStart(text);
    double number = Double.parseDouble(text.substring(0, unit));
    return number
        * switch (text.substring(unit)) {
          case "us" -> 1;
          case "ms" -> 1e3;
          case "s" -> 1e6;
          case "m" -> 60e6;
          case "h" -> 3600e6;
          default ->
              throw new IllegalArgumentException("expected a time but found \"" + text + "\"");
        };
  }

  /** The number in {@code 980}, {@code 56.20k}, {@code 1.37M}, {@code 2.00G}: decimal units. */
  static double count(String text) {
    int unit = unitStart(text);
    return Double.parseDouble(text.substring(0, unit)) * power(text, text.substring(unit), 1000);
  }

  /** Bytes in {@code 512.00B}, {@code 22.01MB}, {@code 17.76GB}: wrk's units are binary here. */
  static double bytes(String text) {
    int unit = unitStart(text);
    if (!text.endsWith("B")) {
      throw new IllegalArgumentException("expected a size but found \"" + text + "\"");
    }
    String prefix = text.substring(unit, text.length() - 1);
    return Double.parseDouble(text.substring(0, unit)) * power(text, prefix, 1024);
  }

  private static double power(String text, String prefix, double base) {
    return switch (prefix) {
      case "" -> 1;
      case "k", "K" -> base;
      case "M" -> base * base;
      case "G" -> base * base * base;
      case "T" -> base * base * base * base;
      default ->
          throw new IllegalArgumentException(
              "expected a number and k, M, G or T but found \"" + text + "\"");
    };
  }

  private static int unitStart(String text) {
    int end = 0;
    while (end < text.length()
        && (Character.isDigit(text.charAt(end)) || text.charAt(end) == '.')) {
      end++;
    }
    if (end == 0) {
      throw new IllegalArgumentException("expected a number but found \"" + text + "\"");
    }
    return end;
  }
}
