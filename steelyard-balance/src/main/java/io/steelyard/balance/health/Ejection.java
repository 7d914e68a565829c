package io.steelyard.balance.health;

/** Whether and for how long one endpoint is taken out because of its traffic. Not thread-safe. */
final class Ejection {
  private boolean ejected;
  private long until;

  /** Ejections in a row, which make the next one longer. */
  private long inRow;

  /** When the last ejection ended. */
  private long returned;

  private long total;

  boolean isEjected() {
    return ejected;
  }

  /** When it ends; only while {@link #isEjected}. */
  long until() {
    return until;
  }

  /** How often it was ejected. */
  long total() {
    return total;
  }

  /** Takes it out; returns for how long. */
  long begin(PassiveRules rules, long now) {
    long served = inRow == 0 ? 0 : (now - returned) / rules.ejectionNanos();
    inRow = Math.max(0, inRow - served) + 1;
    total++;
    ejected = true;
    boolean longest = inRow > rules.longestEjectionNanos() / rules.ejectionNanos();
    long nanos = longest ? rules.longestEjectionNanos() : inRow * rules.ejectionNanos();
    until = now + nanos;
    return nanos;
  }

  /** Its time is over, or nobody cares any more. */
  void end(long now) {
    ejected = false;
    returned = now;
  }
}
