package io.steelyard.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** On what was measured. */
record Machine(
    Instant time, String processor, int processors, String kernel, Map<String, String> versions) {
  private static final Pattern MODEL = Pattern.compile("(?m)^model name\\s*:\\s*(.+)$");
  private static final Pattern VERSION = Pattern.compile("\\d+\\.\\d+(\\.\\d+)?\\S*");
  private static final Duration LIMIT = Duration.ofSeconds(10);

  static Machine look(Workspace workspace) throws IOException, InterruptedException {
    Map<String, String> versions = new LinkedHashMap<>();
    versions.put("java", Runtime.version().toString());
    version(workspace, versions, "nginx", "-v");
    version(workspace, versions, "haproxy", "-v");
    version(workspace, versions, "wrk", "-v");
    return new Machine(
        Instant.now().truncatedTo(ChronoUnit.SECONDS),
        processor(Files.readString(Path.of("/proc/cpuinfo"))),
        Cores.allowed().size(),
        System.getProperty("os.version", "unknown"),
        versions);
  }

  static String processor(String cpuinfo) {
    Matcher model = MODEL.matcher(cpuinfo);
    return model.find() ? model.group(1).strip() : "unknown";
  }

  private static void version(
      Workspace workspace, Map<String, String> versions, String tool, String option)
      throws IOException, InterruptedException {
    Optional<Path> path = Tools.find(tool);
    if (path.isPresent()) {
      Child child = workspace.start(tool, List.of(path.get().toString(), option));
      child.await(LIMIT); // wrk -v ends with status 1
      Matcher version = VERSION.matcher(child.output() + child.errors());
      versions.put(tool, version.find() ? version.group() : "unknown");
    }
  }
}
