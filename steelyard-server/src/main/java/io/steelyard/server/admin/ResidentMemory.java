package io.steelyard.server.admin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How much RAM the process holds, where Linux tells: proc_pid_status(5). */
final class ResidentMemory {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Pattern RSS = Pattern.compile("VmRSS:\\s*([0-9]+) kB");

  private ResidentMemory() {}

  static OptionalLong bytes() {
    try {
      return Files.isReadable(STATUS) ? parse(Files.readAllLines(STATUS)) : OptionalLong.empty();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  static OptionalLong parse(List<String> status) {
    return status.stream()
        .map(RSS::matcher)
        .filter(Matcher::matches)
        .mapToLong(line -> Long.parseLong(line.group(1)) * 1024)
        .findFirst();
  }
}
