package io.steelyard.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns the words of a configuration into values. */
public final class Words {
  private Words() {}

  /**
   * Reads a single value.
   *
   * @throws IllegalArgumentException when the word is no such value; the message says what was
   *     expected
   */
  public static Object scalar(Kind.Scalar kind, String word) {
    return switch (kind) {
      case INTEGER -> integer(word);
      case NUMBER -> number(word);
      case BOOLEAN -> bool(word);
      case TEXT -> word;
      case DURATION -> Durations.parse(word);
      case SIZE -> ByteSize.parse(word);
      case ADDRESS -> Address.parse(word);
      case SOCKETS -> Address.parseSockets(word);
      case STATUSES -> Statuses.parse(word);
      case CIDR -> Cidr.parse(word);
      case RETRY_ON -> RetryOn.parse(word);
    };
  }

  /**
   * Finds one of a choice's constants.
   *
   * @throws IllegalArgumentException when there is no such word; the message lists those that there
   *     are
   */
  public static Enum<?> choice(Kind.Choice choice, String word) {
    for (var constant : choice.constants()) {
      if (Kind.Choice.word(constant).equals(word)) {
        return constant;
      }
    }
    var other = elsewhere(choice, word);
    throw new IllegalArgumentException(
        other != null
            ? Quote.of(word) + " " + other
            : Quote.of(word) + " is not known, expected " + alternatives(choice.words()));
  }

  private static @Nullable String elsewhere(Kind.Choice choice, String word) {
    var type = choice.constants().getFirst().getDeclaringClass();
    for (var other : type.getAnnotationsByType(OtherWord.class)) {
      if (List.of(other.value()).contains(word)) {
        return other.why();
      }
    }
    return null;
  }

  /** {@code nothing}, {@code a}, {@code a or b}, {@code a, b or c}. */
  public static String alternatives(List<String> words) {
    if (words.isEmpty()) {
      return "nothing";
    }
    int last = words.size() - 1;
    return last == 0
        ? words.getFirst()
        : String.join(", ", words.subList(0, last)) + " or " + words.get(last);
  }

  /** The single values of a list in one line: {@code []}, {@code [a, b]}. */
  public static List<String> items(String list) {
    var inside = list.substring(1, list.length() - 1);
    return inside.isEmpty() ? List.of() : List.of(inside.split(", ", -1));
  }

  private static Integer integer(String word) {
    try {
      return Integer.valueOf(word);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          Quote.of(word) + " is not a whole number that fits, expected -2147483648 to 2147483647",
          e);
    }
  }

  private static Double number(String word) {
    try {
      double number = Double.parseDouble(word);
      if (Double.isFinite(number)) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new IllegalArgumentException(
        Quote.of(word) + " is not a number that fits, expected one such as 1 or 0.75");
  }

  private static Boolean bool(String word) {
    return switch (word) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException(Quote.of(word) + " is neither true nor false");
    };
  }
}
