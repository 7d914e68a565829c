package io.steelyard.model;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a simulation wants to know beyond the rest of a configuration. */
@Doc(
    "What `steelyard simulate` wants to know beyond the rest of the file. A process that serves takes no notice of it.")
public record Simulation(
    @Doc("The pool that is simulated. Without it: the first.") @Nullable String pool,
    @Doc("How many requests arrive.") @Default("100000") @Range(min = "1", max = "100000000")
        int requests,
    @Doc("Where chance starts from: the same number gives the same simulation, to the last digit.")
        @Default("1")
        int seed,
    @Doc("How many event loops choose, each with a balancer of its own.")
        @Default("1")
        @Range(min = "1", max = "1024")
        int loops,
    @Doc("When requests arrive.") @Default("{}") SimulatedArrivals arrivals,
    @Doc("What requests ask for; of interest to balancers that look at it.") @Default("{}")
        SimulatedKeys keys,
    @Doc("How fast endpoints are.") @Default("{}") SimulatedSpeed speed,
    @Doc("Endpoints that differ from the others.") @Default("[]") List<SimulatedEndpoint> endpoints,
    @Doc(
            "How long it takes until it is noticed that an endpoint fails or serves again, as health checks would notice it.")
        @Default("1s")
        @Range(min = "0s", max = "24h")
        Duration detection,
    @Doc("What happens meanwhile. An endpoint that joins is absent before.") @Default("[]")
        List<SimulatedEvent> events) {
  public Simulation {
    requireNonNull(arrivals, "arrivals");
    requireNonNull(keys, "keys");
    requireNonNull(speed, "speed");
    endpoints = List.copyOf(endpoints);
    requireNonNull(detection, "detection");
    events = List.copyOf(events);
  }

  /** The section with every key at its default. */
  public static Simulation defaults() {
    return Shape.of(Simulation.class).defaults();
  }

  /** This with another number of {@link #requests}. */
  public Simulation withRequests(int value) {
    return with("requests", value);
  }

  /** This with another {@link #seed}. */
  public Simulation withSeed(int value) {
    return with("seed", value);
  }

  /** This with another number of {@link #loops}. */
  public Simulation withLoops(int value) {
    return with("loops", value);
  }

  /** This with other {@link #arrivals}. */
  public Simulation withArrivals(SimulatedArrivals value) {
    return with("arrivals", value);
  }

  /** This with other {@link #keys}. */
  public Simulation withKeys(SimulatedKeys value) {
    return with("keys", value);
  }

  /** This with another {@link #speed}. */
  public Simulation withSpeed(SimulatedSpeed value) {
    return with("speed", value);
  }

  /** This with other {@link #endpoints}. */
  public Simulation withEndpoints(List<SimulatedEndpoint> value) {
    return with("endpoints", value);
  }

  /** This with other {@link #events}. */
  public Simulation withEvents(List<SimulatedEvent> value) {
    return with("events", value);
  }

  private Simulation with(String component, @Nullable Object value) {
    return Shape.of(Simulation.class).with(this, component, value);
  }
}
