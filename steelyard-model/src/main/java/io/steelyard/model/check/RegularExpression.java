package io.steelyard.model.check;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.steelyard.model.KeyPath;
import io.steelyard.model.Quote;
import org.jspecify.annotations.Nullable;

/** Sees that regular expressions compile. */
final class RegularExpression {
  private RegularExpression() {}

  /**
   * Reports what does not compile, or has too few groups.
   *
   * @param regex null: nothing to look at
   * @param groups how many are needed
   */
  static void check(@Nullable String regex, int groups, KeyPath path, Findings findings) {
    if (regex == null) {
      return;
    }
    try {
      int found = Pattern.compile(regex).groupCount();
      if (found < groups) {
        findings.error(
            path, Quote.of(regex) + " has no group, expected ( ) around what is to be saved");
      }
    } catch (PatternSyntaxException e) {
      findings.error(
          path,
          Quote.of(regex)
              + " does not compile: "
              + e.getDescription()
              + ", expected a regular expression of RE2");
    }
  }
}
