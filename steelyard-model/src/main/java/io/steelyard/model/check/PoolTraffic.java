package io.steelyard.model.check;

import io.steelyard.model.Durations;
import io.steelyard.model.Hedging;
import io.steelyard.model.KeyPath;
import io.steelyard.model.Pool;
import io.steelyard.model.QueueSpec;
import io.steelyard.model.Quote;
import java.util.HashSet;

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
    var adaptive = pool.limits().adaptive();
    if (adaptive != null && adaptive.most() < adaptive.least()) {
      findings.error(
          path.key("limits").key("adaptive").key("most"),
          "is "
              + adaptive.most()
              + ", expected no less than 'least', which is "
              + adaptive.least());
    }
    var queue = pool.queue();
    if (queue != null) {
      queue(queue, path.key("queue"));
    }
  }

  private void queue(QueueSpec queue, KeyPath here) {
    var names = new HashSet<String>();
    for (int i = 0; i < queue.classes().size(); i++) {
      var name = queue.classes().get(i).name();
      if (!names.add(name)) {
        findings.error(
            here.key("classes").item(i),
            "is another class " + Quote.of(name) + ", expected each name once");
      }
    }
    var fairAfter = queue.fairAfter();
    if (fairAfter != null && fairAfter.compareTo(queue.timeout()) >= 0) {
      findings.warning(
          here.key("fair-after"),
          "is no shorter than 'timeout', which is "
              + Durations.format(queue.timeout())
              + ": classes after the first may starve");
    }
    if (!isLimited()) {
      findings.warning(
          here,
          "is never used, for nothing limits what the endpoints have to do: expected 'limits' or 'max-in-flight'");
    }
  }

  private boolean isLimited() {
    var limits = pool.limits();
    return limits.inFlight() > 0
        || limits.adaptive() != null
        || limits.connections() > 0
        || limits.connecting() > 0
        || limits.perEndpoint().connections() > 0
        || limits.perEndpoint().connecting() > 0
        || pool.limitedEndpoints().stream().anyMatch(spec -> spec.maxInFlight() > 0);
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
