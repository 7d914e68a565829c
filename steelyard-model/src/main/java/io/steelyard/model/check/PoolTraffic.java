package io.steelyard.model.check;

import io.steelyard.model.Hedging;
import io.steelyard.model.KeyPath;
import io.steelyard.model.Pool;

/** Checks what a pool makes of requests that fail, wait or are too many. */
final class PoolTraffic {
  private final Pool pool;
  private final KeyPath path;
  private final Findings findings;

  PoolTraffic(Pool pool, KeyPath path, Findings findings) {
    this.pool = pool;
    this.path = path;
    this.findings = findings;
  }

  void all() {
    var hedging = pool.hedging();
    if (hedging != null) {
      hedging(hedging, path.key("hedging"));
    }
  }

  private void hedging(Hedging hedging, KeyPath here) {
    boolean broken =
        findings.source().isBroken(here.key("after"))
            || findings.source().isBroken(here.key("percentile"));
    if (hedging.after() == null && hedging.percentile() == null && !broken) {
      findings.error(here, "has neither 'after' nor 'percentile', expected one of the two");
    }
    if (hedging.after() != null && hedging.percentile() != null) {
      findings.error(here.key("after"), "stands beside 'percentile', expected one of the two");
    }
    if (pool.endpoints().size() == 1) {
      findings.warning(here, "needs a second endpoint, and the pool has one");
    }
  }
}
