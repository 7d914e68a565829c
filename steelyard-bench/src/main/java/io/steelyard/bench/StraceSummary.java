package io.steelyard.bench;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The table of {@code strace -c}: how often each system call was made, most frequent first. */
record StraceSummary(Map<String, Long> calls) {
  // % time, seconds, usecs/call, calls, errors (may be blank), syscall
  private static final Pattern LINE =
      Pattern.compile("(?m)^\\s*[\\d.]+\\s+[\\d.]+\\s+\\d+\\s+(\\d+)\\s+(?:\\d+\\s+)?(\\w+)$");

  static StraceSummary parse(String output) {
    Matcher line = LINE.matcher(output);
    Map<String, Long> calls =
        line.results()
            .filter(match -> !match.group(2).equals("total"))
            .collect(
                Collectors.toMap(match -> match.group(2), match -> Long.parseLong(match.group(1))));
    return new StraceSummary(
        calls.entrySet().stream()
            .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()))
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, LinkedHashMap::new)));
  }

  long total() {
    return calls.values().stream().mapToLong(Long::longValue).sum();
  }
}
