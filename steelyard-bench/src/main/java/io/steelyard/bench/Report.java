package io.steelyard.bench;

import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** All that one command found. Its JSON is these records, name for name. */
record Report(
    Machine machine,
    Plan plan,
    List<Cell> load,
    List<MemoryRun.Row> memory,
    List<SyscallRun.Row> syscalls,
    List<StartupRun.Row> startup,
    List<Omissions.Omission> notMeasured) {

  String json() {
    return mapper().writeValueAsString(this);
  }

  void writeJson(Path file) {
    mapper().writeValue(file, this);
  }

  /**
   * Whether an answer was wrong, something failed, or nothing was measured at all. A contestant
   * that is merely absent does not count.
   */
  boolean failed() {
    return (load.isEmpty() && memory.isEmpty() && syscalls.isEmpty() && startup.isEmpty())
        || notMeasured.stream().anyMatch(omission -> !omission.absent())
        || load.stream()
            .flatMap(cell -> cell.windows().stream())
            .anyMatch(window -> !window.sound());
  }

  private static JsonMapper mapper() {
    return JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
  }
}
