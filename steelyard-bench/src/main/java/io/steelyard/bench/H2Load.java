package io.steelyard.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * h2load (nghttp2), its figures in wrk's form. It knows no percentiles: the mean stands for the
 * median, and the longest time for the 99th percentile.
 */
final class H2Load {
  /** Requests of a connection at a time. */
  static final int STREAMS = 32;

  private static final Pattern RATE = Pattern.compile("(?m)^finished in \\S+, (\\S+) req/s, \\S+$");
  private static final Pattern REQUESTS =
      Pattern.compile(
          "(?m)^requests: \\d+ total, \\d+ started, (\\d+) done, (\\d+) succeeded, (\\d+) failed,"
              + " (\\d+) errored, (\\d+) timeout$");
  private static final Pattern STATUSES =
      Pattern.compile("(?m)^status codes: (\\d+) 2xx, (\\d+) 3xx, (\\d+) 4xx, (\\d+) 5xx$");
  private static final Pattern DATA = Pattern.compile("\\((\\d+)\\) data");
  private static final Pattern TIMES =
      Pattern.compile("(?m)^time for request:\\s+(\\S+)\\s+(\\S+)\\s+(\\S+)");

  private H2Load() {}

  static List<String> command(int port, Work work, int connections, int seconds) {
    return List.of(
        Tools.require("h2load"),
        "-t1",
        "-c" + connections,
        "-m" + STREAMS,
        "-D" + seconds,
        "https://127.0.0.1:" + port + work.path());
  }

  /**
   * @throws IllegalStateException when it is not the output of h2load
   */
  static WrkResult parse(String output) {
    Matcher requests = find(REQUESTS, output);
    Matcher times = find(TIMES, output);
    return new WrkResult(
        Long.parseLong(requests.group(1)),
        Double.parseDouble(find(RATE, output).group(1)),
        Double.parseDouble(find(DATA, output).group(1)),
        Units.micros(times.group(3)),
        Units.micros(times.group(2)),
        failures(requests, find(STATUSES, output)));
  }

  private static List<String> failures(Matcher requests, Matcher statuses) {
    List<String> failures = new ArrayList<>();
    add(failures, requests.group(3), "failed");
    add(failures, requests.group(4), "broken");
    add(failures, requests.group(5), "timeouts");
    add(failures, statuses.group(3), "answers 4xx");
    add(failures, statuses.group(4), "answers 5xx");
    return failures;
  }

  private static void add(List<String> failures, String count, String what) {
    if (!count.equals("0")) {
      failures.add(count + " " + what);
    }
  }

  private static Matcher find(Pattern pattern, String output) {
    Matcher matcher = pattern.matcher(output);
    if (!matcher.find()) {
      throw new IllegalStateException(
          "expected the output of h2load, with " + pattern + ", but found: " + output.strip());
    }
    return matcher;
  }
}
