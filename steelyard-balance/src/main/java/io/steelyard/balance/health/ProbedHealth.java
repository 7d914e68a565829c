package io.steelyard.balance.health;

import java.util.ArrayDeque;
import java.util.List;

/**
 * What the probes of one endpoint make believe. Not thread-safe.
 *
 * <pre>
 *               first passed                    fall failed in a row
 *   STARTING ──────────────────────────► UP ◄───────────────────────► DOWN
 *       │                                       rise passed in a row    ▲
 *       └───────────────────────────────────────────────────────────────┘
 *               first failed
 * </pre>
 */
final class ProbedHealth {
  static final int KEPT = 10;

  private final ArrayDeque<ProbeResult> results = new ArrayDeque<>(KEPT);
  private Health health = Health.STARTING;

  /** Results in a row that contradict {@link #health}. */
  private int contrary;

  private long passed;
  private long failed;

  /** Takes a result; the health may be another then. */
  void add(ProbeResult result, ProbeRules rules) {
    keep(result);
    boolean agrees = result.passed() == (health == Health.UP);
    if (health != Health.STARTING && agrees) {
      contrary = 0;
      return;
    }
    contrary++;
    int needed = result.passed() ? rules.rise() : rules.fall();
    if (health == Health.STARTING || contrary >= needed) {
      health = result.passed() ? Health.UP : Health.DOWN;
      contrary = 0;
    }
  }

  /** Nothing is known any more; what was counted stays. */
  void forget() {
    health = Health.STARTING;
    contrary = 0;
  }

  private void keep(ProbeResult result) {
    if (results.size() == KEPT) {
      results.removeFirst();
    }
    results.addLast(result);
    if (result.passed()) {
      passed++;
    } else {
      failed++;
    }
  }

  Health health() {
    return health;
  }

  /** Whether the next result may change something. */
  boolean isUncertain() {
    return contrary > 0 || health == Health.STARTING;
  }

  /** The last results, the oldest first. */
  List<ProbeResult> results() {
    return List.copyOf(results);
  }

  long passed() {
    return passed;
  }

  long failed() {
    return failed;
  }
}
