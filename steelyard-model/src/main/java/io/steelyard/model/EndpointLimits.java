package io.steelyard.model;

/** How much each endpoint of a pool is asked at a time. */
@Doc(
    "How much each endpoint of the pool has to do at a time. One that is at a limit is passed over. 0: any number.")
public record EndpointLimits(
    @Doc("Requests. An endpoint's own `max-in-flight` takes its place.")
        @Default("0")
        @Range(min = "0", max = "1000000000")
        int inFlight,
    @Doc("Open connections, idle ones and those being opened included.")
        @Default("0")
        @Range(min = "0", max = "1000000000")
        int connections,
    @Doc("Connections being opened.") @Default("0") @Range(min = "0", max = "1000000000")
        int connecting,
    @Doc("Attempts under way that follow failed ones.")
        @Default("0")
        @Range(min = "0", max = "1000000000")
        int retries) {
  /** The section with every key at its default. */
  public static EndpointLimits defaults() {
    return Shape.of(EndpointLimits.class).defaults();
  }

  boolean limitsConnectionsOrRetries() {
    return connections > 0 || connecting > 0 || retries > 0;
  }
}
