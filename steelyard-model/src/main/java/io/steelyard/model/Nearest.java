package io.steelyard.model;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds what was probably meant by a mistyped word. */
public final class Nearest {
  /** Longer words and larger vocabularies get no suggestion: the search takes their product. */
  private static final int LONGEST = 64;

  private static final int MOST = 1_000;

  private Nearest() {}

  /**
   * The known word that differs from the mistyped one in the fewest letters, or null when none
   * comes near. Upper and lower case, hyphens and underscores do not count: {@code maxConnections}
   * is {@code max-connections}.
   */
  public static @Nullable String to(String mistyped, Collection<String> known) {
    if (mistyped.length() > LONGEST || known.size() > MOST) {
      return null;
    }
    var letters = letters(mistyped);
    String nearest = null;
    int least = 1 + Math.max(1, letters.length() / 3);
    for (var word : known) {
      int distance = distance(letters, letters(word), least);
      if (distance < least) {
        least = distance;
        nearest = word;
      }
    }
    return nearest;
  }

  /** {@code , did you mean 'X'?}, or nothing when no known word comes near. */
  public static String suggestion(String mistyped, Collection<String> known) {
    var nearest = to(mistyped, known);
    return nearest == null ? "" : ", did you mean " + Quote.of(nearest) + "?";
  }

  private static String letters(String word) {
    return word.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
  }

  /**
   * Optimal string alignment distance: insertions, deletions, substitutions and swaps of
   * neighbours. Anything from {@code limit} on is as good as {@code limit}.
   */
  private static int distance(String a, String b, int limit) {
    if (Math.abs(a.length() - b.length()) >= limit) {
      return limit;
    }
    var rows = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        rows[i][j] = Math.min(i, j) == 0 ? Math.max(i, j) : step(rows, a, b, i, j);
      }
    }
    return rows[a.length()][b.length()];
  }

  private static int step(int[][] rows, String a, String b, int i, int j) {
    int substitution = rows[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
    int best = Math.min(substitution, 1 + Math.min(rows[i - 1][j], rows[i][j - 1]));
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(best, rows[i - 2][j - 2] + 1) : best;
  }
}
