package io.steelyard.balance.report;

import io.steelyard.balance.LoadReport;

/**
 * The line that an agent sends when somebody connects to its port, as HAProxy's agent-check has it:
 * words apart by spaces, tabs or commas, up to the end of the line or {@code #}.
 *
 * <p>Of these words a load report takes {@code 75%}, as metric {@code weight} 0.75, and {@code
 * maxconn:30}, as metric {@code maxconn}. What says whether the endpoint is up is left to health
 * checks. In addition to HAProxy's words {@code name=0.9} and {@code name=90%} are metrics.
 *
 * <p>Source: HAProxy 2.6, configuration manual section 5.2, agent-check.
 */
public final class AgentText {
  private static final int LONGEST = 8 * 1024;

  private AgentText() {}

  /** The metrics in an agent's line; what makes no sense is left out, at worst everything. */
  public static LoadReport parse(String text, long now) {
    var metrics = new Metrics();
    for (var word : line(text).split("[ \\t,]+", -1)) {
      int equals = word.indexOf('=');
      if (equals > 0) {
        metrics.add(word.substring(0, equals), word.substring(equals + 1));
      } else if (word.endsWith("%")) {
        metrics.add("weight", word);
      } else if (word.startsWith("maxconn:")) {
        metrics.add("maxconn", word.substring("maxconn:".length()));
      }
    }
    return metrics.report(now);
  }

  private static String line(String text) {
    int end = Math.min(text.length(), LONGEST);
    for (int i = 0; i < end; i++) {
      if ("\r\n#\0".indexOf(text.charAt(i)) >= 0) {
        return text.substring(0, i);
      }
    }
    return text.substring(0, end);
  }
}
