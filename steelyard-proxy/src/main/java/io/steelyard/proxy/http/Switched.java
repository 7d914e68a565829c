package io.steelyard.proxy.http;

import io.steelyard.proxy.relay.RelayEnd;
import io.steelyard.proxy.relay.TunnelEnd;

/**
 * What an endpoint has agreed to speak another protocol on: a connection, or a stream of one. Its
 * bytes go to whoever it becomes a tunnel to.
 */
sealed interface Switched permits Http1EndpointConnection, Http2EndpointStream {
  /** How long a tunnel may carry nothing. */
  long tunnelNanos();

  /** Where bytes for the endpoint go. */
  TunnelEnd tunnelEnd();

  /**
   * It is a tunnel from now on.
   *
   * @param side what is told of the endpoint's bytes
   */
  void becomeTunnel(RelayEnd side);
}
