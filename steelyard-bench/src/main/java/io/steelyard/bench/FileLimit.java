package io.steelyard.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How many files a process may open; the JVM raises its own limit to the highest allowed. */
record FileLimit(int files) {
  private static final Pattern LINE = Pattern.compile("(?m)^Max open files\\s+(\\d+)\\s");

  /** Files that a proxy opens besides its connections. */
  private static final int RESERVE = 500;

  /** More than any run here needs. */
  private static final int ENOUGH = 100_000;

  static FileLimit ofThisProcess() throws IOException {
    return parse(Files.readString(Path.of("/proc/self/limits")));
  }

  static FileLimit parse(String limits) {
    Matcher line = LINE.matcher(limits);
    return new FileLimit(
        line.find() ? (int) Math.min(ENOUGH, Long.parseLong(line.group(1))) : ENOUGH);
  }

  /** For a proxy that counts connections of both sides together, or a client. */
  int connections() {
    return files - RESERVE;
  }

  /** For a proxy that sets aside one connection to an endpoint for each of a client. */
  int pairs() {
    return (files - RESERVE) / 2;
  }
}
