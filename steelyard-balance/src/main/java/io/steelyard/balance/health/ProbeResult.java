package io.steelyard.balance.health;

import static java.util.Objects.requireNonNull;

/**
 * How one probe ended.
 *
 * @param passed whether the endpoint is well
 * @param layer where it failed, or the highest layer that was looked at when it passed
 * @param detail what was found, and when it failed what was expected; one short line
 * @param nanos how long it took
 */
public record ProbeResult(boolean passed, Layer layer, String detail, long nanos) {
  public ProbeResult {
    requireNonNull(layer, "layer");
    requireNonNull(detail, "detail");
  }

  /** The endpoint is well, up to this layer. */
  public static ProbeResult passed(Layer layer, String detail, long nanos) {
    return new ProbeResult(true, layer, detail, nanos);
  }

  /** The endpoint failed at this layer. */
  public static ProbeResult failed(Layer layer, String detail, long nanos) {
    return new ProbeResult(false, layer, detail, nanos);
  }
}
