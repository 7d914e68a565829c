package io.steelyard.model;

import java.util.ArrayList;
import java.util.List;

/**
 * The place of one value in a JSON document: the part of RFC 9535 (JSONPath) that names exactly one
 * place. {@code $.status}, {@code $['disk space'].free}, {@code $.nodes[0].state}. Immutable.
 */
public record JsonPath(List<Step> steps) {
  /** One step further into the document. */
  public sealed interface Step {
    /** To the member of an object. */
    record Member(String name) implements Step {}

    /** To the element of an array, from 0; from the end when negative, -1 being the last. */
    record Element(int index) implements Step {}
  }

  public JsonPath {
    steps = List.copyOf(steps);
  }

  /**
   * Reads a path.
   *
   * @throws IllegalArgumentException when the text is none; the message says what was expected
   */
  public static JsonPath parse(String text) {
    if (!text.startsWith("$")) {
      throw wrong(text, 0, "$ at its beginning");
    }
    var steps = new ArrayList<Step>();
    for (int at = 1; at < text.length(); ) {
      at =
          switch (text.charAt(at)) {
            case '.' -> member(text, at + 1, steps);
            case '[' -> bracket(text, at + 1, steps);
            default -> throw wrong(text, at, ".NAME, ['NAME'] or [INDEX]");
          };
    }
    return new JsonPath(steps);
  }

  private static int member(String text, int start, List<Step> steps) {
    int end = start;
    while (end < text.length() && isNamePart(text.charAt(end))) {
      end++;
    }
    if (end == start) {
      throw wrong(text, start, "a name of letters, digits, _ and - (else ['NAME'])");
    }
    steps.add(new Step.Member(text.substring(start, end)));
    return end;
  }

  private static boolean isNamePart(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '-';
  }

  private static int bracket(String text, int start, List<Step> steps) {
    int end = text.indexOf(']', start);
    if (end < 0) {
      throw wrong(text, start, "] at its end");
    }
    char quote = text.charAt(start);
    if (quote == '\'' || quote == '"') {
      int close = text.indexOf(quote, start + 1);
      if (close < 0 || close + 1 >= text.length() || text.charAt(close + 1) != ']') {
        throw wrong(text, start, "a name in quotes and ]");
      }
      steps.add(new Step.Member(text.substring(start + 1, close)));
      return close + 2;
    }
    try {
      steps.add(new Step.Element(Integer.parseInt(text.substring(start, end))));
    } catch (NumberFormatException e) {
      throw wrong(text, start, "a whole number or a name in quotes");
    }
    return end + 1;
  }

  private static IllegalArgumentException wrong(String text, int at, String expected) {
    return new IllegalArgumentException(
        Quote.of(text) + " is not a JSON path: expected " + expected + " at character " + (at + 1));
  }
}
