package io.steelyard.model.read;

import static io.steelyard.model.read.Reading.LISTENERS;
import static io.steelyard.model.read.Reading.POOLS;
import static io.steelyard.model.read.Reading.findings;
import static io.steelyard.model.read.Reading.read;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.model.Address;
import io.steelyard.model.SimulatedArrivals;
import io.steelyard.model.SimulatedEvent;
import io.steelyard.model.SimulatedSpeed;
import io.steelyard.model.Simulation;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SimulationSectionTest {
  private static final String BEFORE = LISTENERS + POOLS;

  private static Simulation simulation(String text) {
    return requireNonNull(requireNonNull(read(BEFORE + text).configuration()).simulation());
  }

  @Test
  void everyKey() {
    var read =
        simulation(
            """
            simulation:
              pool: site
              requests: 5000
              seed: -7
              loops: 4
              arrivals: { load: 0.9, process: bursts }
              keys: { number: 500, exponent: 1.2 }
              speed: { time: 20ms, distribution: log-normal, at-once: 2 }
              endpoints:
                - { address: 10.0.0.1:80, time: 50ms }
              detection: 3s
              events:
                - { at: 1s, action: slow, endpoint: 10.0.0.1:80, factor: 4 }
                - { at: 2s, action: recover, endpoint: 10.0.0.1:80 }
            """);
    assertThat(read.seed()).isEqualTo(-7);
    assertThat(read.arrivals())
        .isEqualTo(new SimulatedArrivals(0, 0.9, SimulatedArrivals.ArrivalProcess.BURSTS));
    assertThat(read.keys().exponent()).isEqualTo(1.2);
    assertThat(read.endpoints().getFirst().speed(read.speed()))
        .isEqualTo(
            new SimulatedSpeed(Duration.ofMillis(50), SimulatedSpeed.Distribution.LOG_NORMAL, 2));
    assertThat(read.events())
        .containsExactly(
            event(1, SimulatedEvent.Action.SLOW, 4), event(2, SimulatedEvent.Action.RECOVER, 10));
  }

  private static SimulatedEvent event(int seconds, SimulatedEvent.Action action, double factor) {
    return new SimulatedEvent(
        Duration.ofSeconds(seconds), action, new Address("10.0.0.1", 80), factor);
  }

  @Test
  void allHasDefaults() {
    assertThat(simulation("simulation: {}\n")).isEqualTo(Simulation.defaults());
  }

  @Test
  void numbersThatAreNone() {
    assertThat(findings(BEFORE + "simulation: { arrivals: { load: much } }\n"))
        .containsExactly(
            "3:33: error: simulation.arrivals.load: found 'much', expected a number without quotes");
    assertThat(findings(BEFORE + "simulation: { arrivals: { load: .inf } }\n"))
        .containsExactly(
            "3:33: error: simulation.arrivals.load: '.inf' is not a number that fits, expected one such as 1 or 0.75");
    assertThat(findings(BEFORE + "simulation: { keys: { exponent: 11 } }\n"))
        .containsExactly("3:33: error: simulation.keys.exponent: is 11.0, expected 0 to 10");
  }

  @Test
  void whatIsNotThere() {
    assertThat(findings(BEFORE + "simulation: { pool: sites }\n"))
        .containsExactly(
            "3:21: error: simulation.pool: there is no pool 'sites', expected the name of one under 'pools', did you mean 'site'?");
    assertThat(
            findings(
                BEFORE
                    + "simulation: { events: [{ at: 1s, action: fail, endpoint: 10.0.0.2:80 }] }\n"))
        .singleElement()
        .asString()
        .startsWith(
            "3:58: error: simulation.events[0].endpoint: there is no endpoint 10.0.0.2:80 in the pool, expected the address of one");
    assertThat(
            findings(
                BEFORE
                    + "simulation: { events: [{ at: 1s, action: fail, endpoint: 10.0.0.1:80, factor: 2 }] }\n"))
        .containsExactly(
            "3:79: error: simulation.events[0].factor: stands beside an action that takes none, expected action: slow");
    assertThat(
            findings(
                BEFORE
                    + "simulation: { endpoints: [{ address: 10.0.0.1:80 }, { address: 10.0.0.1:80 }] }\n"))
        .containsExactly(
            "3:64: error: simulation.endpoints[1].address: 10.0.0.1:80 is already simulation.endpoints[0], expected each endpoint once");
  }
}
