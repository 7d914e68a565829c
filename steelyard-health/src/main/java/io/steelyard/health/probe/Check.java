package io.steelyard.health.probe;

import io.steelyard.balance.health.Layer;
import io.steelyard.balance.health.ProbeResult;
import java.time.Duration;

/** A probe that is written down as what has to go well. */
interface Check extends Probe {
  /** How far a check came, and what it found. */
  record Passed(Layer layer, String detail) {
    static Passed l4(String detail) {
      return new Passed(Layer.L4, detail);
    }

    static Passed l7(String detail) {
      return new Passed(Layer.L7, Details.line(detail, 100));
    }

    static Passed content(String detail) {
      return new Passed(Layer.CONTENT, Details.line(detail, 100));
    }
  }

  Passed check(ProbeTarget target, Deadline deadline) throws ProbeFailure, InterruptedException;

  @Override
  default ProbeResult run(ProbeTarget target, Duration timeout) throws InterruptedException {
    var deadline = new Deadline(timeout);
    try {
      var passed = check(target, deadline);
      return ProbeResult.passed(passed.layer(), passed.detail(), deadline.elapsedNanos());
    } catch (ProbeFailure e) {
      return ProbeResult.failed(e.layer(), e.detail(), deadline.elapsedNanos());
    }
  }
}
