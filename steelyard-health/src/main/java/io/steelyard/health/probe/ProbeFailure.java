package io.steelyard.health.probe;

import static java.util.Objects.requireNonNull;

import io.steelyard.balance.health.Layer;

/** The endpoint is not well: where it failed and what was found. Has no stack trace. */
final class ProbeFailure extends Exception {
  private static final long serialVersionUID = 1;

  /** Longer details are cut: they come from the endpoint, and may be long. */
  private static final int LONGEST = 200;

  private final Layer layer;

  ProbeFailure(Layer layer, String detail) {
    super(Details.line(detail, LONGEST), null, false, false);
    this.layer = layer;
  }

  static ProbeFailure l3(String detail) {
    return new ProbeFailure(Layer.L3, detail);
  }

  static ProbeFailure l4(String detail) {
    return new ProbeFailure(Layer.L4, detail);
  }

  static ProbeFailure l7(String detail) {
    return new ProbeFailure(Layer.L7, detail);
  }

  static ProbeFailure content(String detail) {
    return new ProbeFailure(Layer.CONTENT, detail);
  }

  Layer layer() {
    return layer;
  }

  String detail() {
    return requireNonNull(getMessage(), "message");
  }
}
