package io.steelyard.model;

import java.util.List;

/**
 * Several HTTP requests, one after the other. Not a section of its own in the configuration but the
 * list {@code http-steps}.
 */
public record HttpStepsProbeSpec(List<HttpProbeSpec> steps) implements ProbeSpec {
  public HttpStepsProbeSpec {
    steps = List.copyOf(steps);
  }
}
