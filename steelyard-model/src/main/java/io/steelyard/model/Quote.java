package io.steelyard.model;

/**
 * Quotes what a user wrote for a message, so that nothing in it can disturb a terminal or flood it.
 */
public final class Quote {
  private static final int LONGEST = 80;
  private static final int LONGEST_MESSAGE = 400;

  private Quote() {}

  /** The text in single quotes; control characters escaped, and cut short when it is long. */
  public static String of(String text) {
    return "'" + printable(text, LONGEST) + "'";
  }

  /**
   * The same without quotes and longer; for messages of others, which may hold what a user wrote.
   */
  public static String message(String text) {
    return printable(text, LONGEST_MESSAGE);
  }

  private static String printable(String text, int longest) {
    var printable = new StringBuilder();
    text.codePoints().limit(longest).forEach(c -> append(printable, c));
    if (text.codePointCount(0, text.length()) > longest) {
      printable.append('…');
    }
    return printable.toString();
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
