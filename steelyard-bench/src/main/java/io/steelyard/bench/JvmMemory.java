package io.steelyard.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What another JVM holds, by jcmd. */
final class JvmMemory {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Pattern TOTAL = Pattern.compile("(?m)^Total\\s+\\d+\\s+(\\d+)\\s*$");

  /** With these the collector fills what it leaves free among live objects. */
  private static final Pattern FILLER =
      Pattern.compile("(?m)^\\s*\\d+:\\s+\\d+\\s+(\\d+)\\s+\\S*jdk\\.internal\\.vm\\.Filler\\w+;?");

  private JvmMemory() {}

  /** Bytes of live objects; collects garbage first. */
  static long liveHeap(Workspace workspace, long pid) throws IOException, InterruptedException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    List<String> command = List.of(jcmd.toString(), Long.toString(pid), "GC.class_histogram");
    return parse(workspace.run("jcmd", command, LIMIT));
  }

  /** Reads the sum below a class histogram, without what stands for free memory. */
  static long parse(String histogram) {
    Matcher total = TOTAL.matcher(histogram);
    if (!total.find()) {
      throw new IllegalStateException(
          "expected a class histogram with a total but found: "
              + histogram.lines().findFirst().orElse("nothing"));
    }
    return Long.parseLong(total.group(1))
        - FILLER.matcher(histogram).results().mapToLong(row -> Long.parseLong(row.group(1))).sum();
  }
}
