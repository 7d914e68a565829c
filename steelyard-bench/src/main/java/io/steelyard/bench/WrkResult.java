package io.steelyard.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One run of wrk, as it reports it. Times are microseconds, seen by the client.
 *
 * @param bytesRead heads and bodies, rounded by wrk to its two decimals
 * @param failures what went wrong, in words; empty when every answer came and was 2xx or 3xx
 */
record WrkResult(
    long requests,
    double requestsPerSecond,
    double bytesRead,
    double p50Micros,
    double p99Micros,
    List<String> failures) {

  private static final Pattern TOTAL =
      Pattern.compile("(?m)^\\s*(\\d+) requests in (\\S+), (\\S+) read\\s*$");
  private static final Pattern RATE = Pattern.compile("(?m)^Requests/sec:\\s*(\\S+)\\s*$");
  private static final Pattern SOCKET_ERRORS =
      Pattern.compile("Socket errors: connect (\\d+), read (\\d+), write (\\d+), timeout (\\d+)");
  private static final Pattern BAD_STATUS = Pattern.compile("Non-2xx or 3xx responses: (\\d+)");

  /**
   * Reads the output of {@code wrk --latency}.
   *
   * @throws IllegalStateException when it is not that
   */
  static WrkResult parse(String output) {
    Matcher total = find(TOTAL, output);
    return new WrkResult(
        Long.parseLong(total.group(1)),
        Double.parseDouble(find(RATE, output).group(1)),
        Units.bytes(total.group(3)),
        percentile(50, output),
        percentile(99, output),
        failures(output));
  }

  /** What is wrong with this run when each answer should have carried this body. */
  List<String> problems(Work work) {
    List<String> problems = new ArrayList<>(failures);
    if (requests == 0) {
      problems.add("no answers");
    } else if (bytesRead < 0.97 * requests * work.bodyBytes()) {
      // wrk counts whole answers but does not look into them; 3 % is its rounding.
      problems.add(
          "answers too short: %.0f bytes each, expected at least %d"
              .formatted(bytesRead / requests, work.bodyBytes()));
    }
    return List.copyOf(problems);
  }

  private static double percentile(int which, String output) {
    Pattern line = Pattern.compile("(?m)^\\s*" + which + "%\\s+(\\S+)\\s*$");
    return Units.micros(find(line, output).group(1));
  }

  private static List<String> failures(String output) {
    List<String> failures = new ArrayList<>();
    Matcher errors = SOCKET_ERRORS.matcher(output);
    if (errors.find()) {
      String[] kinds = {"failed connects", "failed reads", "failed writes", "timeouts"};
      for (int i = 0; i < kinds.length; i++) {
        if (!errors.group(i + 1).equals("0")) {
          failures.add(errors.group(i + 1) + " " + kinds[i]);
        }
      }
    }
    Matcher bad = BAD_STATUS.matcher(output);
    if (bad.find()) {
      failures.add(bad.group(1) + " answers not 2xx or 3xx");
    }
    return List.copyOf(failures);
  }

  private static Matcher find(Pattern pattern, String output) {
    Matcher matcher = pattern.matcher(output);
    if (!matcher.find()) {
      throw new IllegalStateException(
          "expected the output of wrk --latency, with "
              + pattern
              + ", but found: "
              + output.strip());
    }
    return matcher;
  }
}
