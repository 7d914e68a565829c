package io.steelyard.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;

/**
 * What the processes of a contestant have used since they started.
 *
 * @param cpuNanos user and kernel time
 * @param userTicks user time, in ticks as the kernel samples it; only its share is used
 */
record Usage(long cpuNanos, long userTicks, long systemTicks) {
  /**
   * @throws IllegalStateException when one of them has ended
   */
  static Usage of(Collection<Long> pids) {
    long nanos = 0;
    long user = 0;
    long system = 0;
    for (long pid : pids) {
      ProcStat stat = ProcStat.parse(proc(pid, "stat"));
      nanos += CpuClock.nanos(pid);
      user += stat.userTicks();
      system += stat.systemTicks();
    }
    return new Usage(nanos, user, system);
  }

  Usage since(Usage before) {
    return new Usage(
        cpuNanos - before.cpuNanos, userTicks - before.userTicks, systemTicks - before.systemTicks);
  }

  long ticks() {
    return userTicks + systemTicks;
  }

  /** What children of this process used that have ended, such as the client of each window. */
  static long endedChildrenTicks() {
    return ProcStat.parse(proc(ProcessHandle.current().pid(), "stat")).childTicks();
  }

  /** The part of CPU time that was not the kernel's, 0 to 1. */
  double userShare() {
    return ticks() == 0 ? 0 : (double) userTicks / ticks();
  }

  /** Resident memory in bytes: VmRSS of {@code /proc/PID/status}. */
  static long residentBytes(Collection<Long> pids) {
    return pids.stream().mapToLong(pid -> residentBytes(proc(pid, "status"))).sum();
  }

  static long residentBytes(String status) {
    return status
        .lines()
        .filter(line -> line.startsWith("VmRSS:"))
        .map(line -> line.replaceAll("\\D", ""))
        .mapToLong(kilobytes -> Long.parseLong(kilobytes) * 1024)
        .findFirst()
        .orElseThrow(() ->
            new IllegalStateException("/proc/PID/status has no VmRSS: the process has ended"));
  }

  private static String proc(long pid, String file) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(pid), file));
    } catch (IOException e) {
      throw new IllegalStateException("process " + pid + " has ended", e);
    }
  }
}
