package io.steelyard.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;

/** How long processors were busy since boot, whoever kept them so. */
final class CoreTime {
  /** The kernel's USER_HZ, which is 100 on every architecture that Java runs on. */
  static final double TICKS_PER_SECOND = 100;

  private CoreTime() {}

  static long busyTicks(Collection<Integer> cores) throws IOException {
    return busyTicks(Files.readString(Path.of("/proc/stat")), cores);
  }

  /** Sums all but idle and iowait; steal counts as busy, since nobody here could use it. */
  static long busyTicks(String stat, Collection<Integer> cores) {
    return stat.lines()
        .map(line -> line.split("\\s+", -1))
        .filter(fields -> cores.stream().anyMatch(core -> fields[0].equals("cpu" + core)))
        .mapToLong(CoreTime::busy)
        .sum();
  }

  /** cpuN user nice system idle iowait irq softirq steal; what follows is part of user and nice. */
  private static long busy(String[] fields) {
    long busy = 0;
    for (int i : new int[] {1, 2, 3, 6, 7, 8}) {
      busy += Long.parseLong(fields[i]);
    }
    return busy;
  }
}
