package io.steelyard.health.probe;

import com.google.re2j.Pattern;
import org.jspecify.annotations.Nullable;

/** What a text has to contain. Linear in the text's length, whatever it is. */
final class Expectation {
  private final @Nullable String text;
  private final @Nullable Pattern regex;

  Expectation(@Nullable String text, @Nullable String regex) {
    this.text = text;
    this.regex = regex == null ? null : Pattern.compile(regex);
  }

  /** Whether nothing is expected. */
  boolean isNone() {
    return text == null && regex == null;
  }

  boolean isMetBy(String found) {
    return (text == null || found.contains(text)) && (regex == null || regex.matcher(found).find());
  }

  /** What is expected, for messages. */
  @Override
  public String toString() {
    var both = text != null && regex != null ? " and " : "";
    return (text == null ? "" : Details.quote(text))
        + both
        + (regex == null ? "" : "a match of " + Details.quote(regex.pattern()));
  }
}
