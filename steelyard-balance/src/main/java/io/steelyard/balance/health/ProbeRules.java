package io.steelyard.balance.health;

/**
 * When the results of probes change what is believed.
 *
 * <p>The first result decides alone: an endpoint takes no traffic before its first probe has
 * passed, and no longer than that is waited. Afterwards a single contrary result changes nothing:
 * an endpoint changes its state at most once per {@code min(rise, fall)} probes.
 *
 * @param rise passed probes in a row that bring a DOWN endpoint UP, 1 or more
 * @param fall failed probes in a row that bring an UP endpoint DOWN, 1 or more
 * @param intervalNanos from the start of one probe to the start of the next
 * @param fastIntervalNanos the same while the results contradict what is believed
 */
public record ProbeRules(int rise, int fall, long intervalNanos, long fastIntervalNanos) {
  public ProbeRules {
    if (rise < 1 || fall < 1) {
      throw new IllegalArgumentException(
          "rise is " + rise + " and fall is " + fall + ", expected 1 or more");
    }
    if (intervalNanos < 1 || fastIntervalNanos < 1) {
      throw new IllegalArgumentException(
          "the intervals are "
              + intervalNanos
              + " and "
              + fastIntervalNanos
              + " ns, expected 1 or more");
    }
  }
}
