package io.steelyard.health.probe;

import io.steelyard.balance.health.ProbeResult;
import io.steelyard.model.ProbeSpec;
import java.time.Duration;

/** Runs a probe once. */
final class Run {
  static final Duration LONG = Duration.ofSeconds(20);
  static final Duration SHORT = Duration.ofMillis(150);

  private Run() {}

  /** {@code passed L7 detail} or {@code failed L4 detail}. */
  static String once(ProbeSpec spec, ProbeTarget target) throws InterruptedException {
    return text(Probes.of(spec).run(target, LONG));
  }

  /** The same with little time. */
  static String quickly(ProbeSpec spec, ProbeTarget target) throws InterruptedException {
    return text(Probes.of(spec).run(target, SHORT));
  }

  static String text(ProbeResult result) {
    return (result.passed() ? "passed " : "failed ")
        + result.layer().text()
        + " "
        + result.detail();
  }
}
