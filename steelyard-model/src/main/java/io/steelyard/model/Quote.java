package io.steelyard.model;

/**
 * Quotes what a user wrote for a message, so that nothing in it can disturb a terminal or flood it.
 */
public final class Quote {
  private static final int LONGEST = 80;

  private Quote() {}

  /** The text in single quotes; control characters escaped, and cut short when it is long. */
  public static String of(String text) {
    var quoted = new StringBuilder(text.length() + 2).append('\'');
    text.codePoints().limit(LONGEST).forEach(c -> append(quoted, c));
    if (text.codePointCount(0, text.length()) > LONGEST) {
      quoted.append('…');
    }
    return quoted.append('\'').toString();
  }

  private static void append(StringBuilder quoted, int codePoint) {
    if (isPrintable(codePoint)) {
      quoted.appendCodePoint(codePoint);
    } else {
      quoted.append(String.format("\\u%04x", codePoint));
    }
  }

  /**
   * Whether a terminal shows the character as itself: neither a control nor a surrogate, format or
   * separator.
   */
  private static boolean isPrintable(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
