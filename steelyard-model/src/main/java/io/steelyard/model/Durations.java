package io.steelyard.model;

import java.time.Duration;
import java.util.regex.Pattern;

/**
 * Durations as the configuration writes them: a whole number and one unit, {@code 250ms 2s 1m 1h}.
 */
public final class Durations {
  /** The syntax, as a regular expression that Java and ECMAScript (JSON Schema) read alike. */
  public static final String SYNTAX = "^[0-9]{1,9}(ms|s|m|h)$";

  private static final Pattern PATTERN = Pattern.compile(SYNTAX);

  private Durations() {}

  /**
   * Reads a duration.
   *
   * @throws IllegalArgumentException when the text is not a duration; the message says what was
   *     expected
   */
  public static Duration parse(String text) {
    var matcher = PATTERN.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          Quote.of(text)
              + " is not a duration, expected a whole number and a unit such as 250ms, 2s, 1m or 1h");
    }
    long number = Long.parseLong(text.substring(0, matcher.start(1)));
    return switch (matcher.group(1)) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      default -> Duration.ofHours(number);
    };
  }

  /** Writes a duration in the largest unit that holds it exactly; {@link #parse} reads it back. */
  public static String format(Duration duration) {
    long millis = duration.toMillis();
    if (millis == 0) {
      return "0s";
    }
    if (millis % 1_000 != 0) {
      return millis + "ms";
    }
    if (millis % 60_000 != 0) {
      return millis / 1_000 + "s";
    }
    return millis % 3_600_000 == 0 ? millis / 3_600_000 + "h" : millis / 60_000 + "m";
  }
}
