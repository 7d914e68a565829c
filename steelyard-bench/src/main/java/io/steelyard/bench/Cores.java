package io.steelyard.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The processors that the parties are pinned to.
 *
 * @param runner where the runner itself and what it asks of the JVM (jcmd) run: beside the proxy
 *     when there is more than one processor
 * @param all what this process may use
 */
record Cores(int proxy, int rest, int runner, List<Integer> all) {

  /**
   * @param allowed the processors this process may use, at least one
   * @throws IllegalArgumentException when the setting needs more
   */
  static Cores of(Setting setting, List<Integer> allowed) {
    int first = allowed.getFirst();
    int last = allowed.getLast();
    return switch (setting) {
      case ONE_CORE -> new Cores(first, first, last, allowed);
      case TWO_CORE -> {
        if (allowed.size() < 2) {
          throw new IllegalArgumentException("two-core needs 2 processors but found 1");
        }
        yield new Cores(first, allowed.get(1), last, allowed);
      }
    };
  }

  /** The processors this process may use. */
  static List<Integer> allowed() throws IOException {
    return Files.readString(Path.of("/proc/self/status"))
        .lines()
        .filter(line -> line.startsWith("Cpus_allowed_list:"))
        .map(line -> parse(line.substring(line.indexOf(':') + 1).strip()))
        .findFirst()
        .orElse(List.of(0));
  }

  /** Reads a list such as {@code 0-3,8}. */
  static List<Integer> parse(String list) {
    List<Integer> cores = new ArrayList<>();
    for (String range : list.split(",", -1)) {
      String[] ends = range.split("-", -1);
      int last = Integer.parseInt(ends[ends.length - 1]);
      for (int core = Integer.parseInt(ends[0]); core <= last; core++) {
        cores.add(core);
      }
    }
    return List.copyOf(cores);
  }
}
