package io.steelyard.health.probe;

import io.steelyard.model.AgentProbeSpec;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One line of an agent beside the endpoint, in the language of HAProxy's agent-check (HAProxy 3.2,
 * configuration manual, "agent-check"): words and a weight in percent, separated by spaces, tabs or
 * commas; {@code #} begins a text for people.
 */
final class AgentProbe implements Check {
  private static final Set<String> GOOD = Set.of("up", "ready");
  private static final Set<String> BAD =
      Set.of("down", "fail", "failed", "stopped", "maint", "drain");

  private final @Nullable String message;

  AgentProbe(AgentProbeSpec spec) {
    message = spec.send();
  }

  @Override
  public Passed check(ProbeTarget target, Deadline deadline)
      throws ProbeFailure, InterruptedException {
    try (var wire = Wire.open(target, deadline)) {
      if (message != null) {
        wire.send(message);
      }
      while (wire.unread().indexOf('\n') < 0 && wire.more()) {
        // HAProxy's agents may end the line, or just the connection.
      }
      return judge(wire.unread().lines().findFirst().orElse(""));
    }
  }

  static Passed judge(String line) throws ProbeFailure {
    int hash = line.indexOf('#');
    var words = List.of((hash < 0 ? line : line.substring(0, hash)).strip().split("[ \t,]+"));
    for (var word : words) {
      if (!isKnown(word.toLowerCase(Locale.ROOT))) {
        throw ProbeFailure.l7(
            "the agent says " + Details.quote(line) + ", expected up, down, 75% or the like");
      }
    }
    for (var word : words) {
      if (isBad(word.toLowerCase(Locale.ROOT))) {
        throw ProbeFailure.content("the agent says " + Details.quote(line));
      }
    }
    return Passed.content("the agent says " + Details.quote(line));
  }

  private static boolean isKnown(String word) {
    return GOOD.contains(word) || BAD.contains(word) || isWeight(word) || isLimit(word);
  }

  private static boolean isBad(String word) {
    return BAD.contains(word) || word.equals("0%");
  }

  private static boolean isWeight(String word) {
    return word.endsWith("%") && isNumber(word.substring(0, word.length() - 1));
  }

  private static boolean isLimit(String word) {
    return word.startsWith("maxconn:") && isNumber(word.substring("maxconn:".length()));
  }

  private static boolean isNumber(String text) {
    return !text.isEmpty() && text.length() < 9 && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }
}
