package io.steelyard.bench;

/**
 * The CPU times in {@code /proc/PID/stat}, in clock ticks (10 ms); ended threads included.
 *
 * @param childTicks user and kernel time of children that ended
 */
record ProcStat(long userTicks, long systemTicks, long childTicks) {
  /** The command's name stands in parentheses and may itself hold spaces and parentheses. */
  static ProcStat parse(String line) {
    int afterName = line.lastIndexOf(')') + 2;
    if (afterName < 2 || afterName > line.length()) {
      throw new IllegalArgumentException("expected /proc/PID/stat but found \"" + line + "\"");
    }
    // The first field after the name is the third of proc(5); utime is the 14th, then stime,
    // cutime and cstime.
    String[] fields = line.substring(afterName).split(" ", -1);
    if (fields.length < 15) {
      throw new IllegalArgumentException("expected /proc/PID/stat but found \"" + line + "\"");
    }
    return new ProcStat(
        Long.parseLong(fields[11]),
        Long.parseLong(fields[12]),
        Long.parseLong(fields[13]) + Long.parseLong(fields[14]));
  }
}
