package io.steelyard.health.probe;

import io.steelyard.balance.health.Layer;
import io.steelyard.model.HttpProbeSpec;
import java.util.List;

/**
 * Sends HTTP/1.1 requests, each on a connection of its own and each after the one before was
 * answered as expected.
 */
final class HttpProbe implements Check {
  private final List<HttpStep> steps;

  HttpProbe(List<HttpProbeSpec> specs) {
    steps = specs.stream().map(HttpStep::new).toList();
  }

  @Override
  public Passed check(ProbeTarget target, Deadline deadline)
      throws ProbeFailure, InterruptedException {
    var values = new Values();
    var passed = new Passed(Layer.L7, "no step");
    for (int i = 0; i < steps.size(); i++) {
      try {
        passed = steps.get(i).run(target, values, deadline);
      } catch (ProbeFailure e) {
        throw steps.size() == 1
            ? e
            : new ProbeFailure(e.layer(), "step " + (i + 1) + ": " + e.detail());
      }
    }
    return passed;
  }
}
