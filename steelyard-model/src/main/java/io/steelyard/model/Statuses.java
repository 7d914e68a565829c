package io.steelyard.model;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Some HTTP status codes, as the configuration writes them: {@code 200}, {@code 200-299}, {@code
 * 200-299,404}. Immutable.
 */
public record Statuses(List<Range> ranges) {
  /** The syntax, as a regular expression that Java and ECMAScript (JSON Schema) read alike. */
  public static final String SYNTAX =
      "^[1-5][0-9]{2}(-[1-5][0-9]{2})?(,[1-5][0-9]{2}(-[1-5][0-9]{2})?)*$";

  private static final Pattern PATTERN = Pattern.compile(SYNTAX);

  /** From one status to another, both included. */
  public record Range(int first, int last) {
    private String text() {
      return first == last ? String.valueOf(first) : first + "-" + last;
    }
  }

  public Statuses {
    ranges = List.copyOf(ranges);
  }

  /**
   * Reads statuses.
   *
   * @throws IllegalArgumentException when the text is none; the message says what was expected
   */
  public static Statuses parse(String text) {
    if (!PATTERN.matcher(text).matches()) {
      throw new IllegalArgumentException(
          Quote.of(text) + " are not statuses, expected such as 200, 200-299 or 200-299,404");
    }
    var ranges = new ArrayList<Range>();
    for (int at = 0; at < text.length(); ) {
      int end = text.indexOf(',', at) < 0 ? text.length() : text.indexOf(',', at);
      ranges.add(range(text.substring(at, end)));
      at = end + 1;
    }
    return new Statuses(ranges);
  }

  private static Range range(String text) {
    int first = Integer.parseInt(text.substring(0, 3));
    int last = Integer.parseInt(text.substring(text.length() - 3));
    if (last < first) {
      throw new IllegalArgumentException(
          Quote.of(text) + " is no range, expected the smaller status first");
    }
    return new Range(first, last);
  }

  /** Whether the status is one of these. */
  public boolean contains(int status) {
    return ranges.stream().anyMatch(range -> range.first <= status && status <= range.last);
  }

  /** As {@link #parse} reads it. */
  @Override
  public String toString() {
    return ranges.stream().map(Range::text).collect(Collectors.joining(","));
  }
}
