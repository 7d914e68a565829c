package io.steelyard.balance.balancer;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Guesses which known word a user meant. */
final class Nearest {
  private Nearest() {}

  /** The known word that is fewest slips away, if those are few for its length; or null. */
  static @Nullable String to(String word, Collection<String> known) {
    String nearest = null;
    int fewest = Integer.MAX_VALUE;
    for (var candidate : known) {
      int slips = slips(word, candidate);
      if (slips < fewest && slips <= Math.max(1, candidate.length() / 3)) {
        nearest = candidate;
        fewest = slips;
      }
    }
    return nearest;
  }

  /** Characters to insert, remove, replace or swap with their neighbour (optimal alignment). */
  static int slips(String a, String b) {
    int[] beforeLast = new int[b.length() + 1];
    int[] last = new int[b.length() + 1];
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] recycled = beforeLast;
      beforeLast = last;
      last = row;
      row = recycled;
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, Math.min(last[j], row[j - 1]) + 1);
        if (isSwap(a, i, b, j)) {
          row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
        }
      }
    }
    return row[b.length()];
  }

  private static boolean isSwap(String a, int i, String b, int j) {
    return i > 1
        && j > 1
        && a.charAt(i - 1) == b.charAt(j - 2)
        && a.charAt(i - 2) == b.charAt(j - 1);
  }
}
