package io.steelyard.balance.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class AvailabilityTest {
  /** The table that every book on availability prints. */
  @Test
  void aYearsAllowance() {
    var year = Duration.ofDays(365);
    assertThat(Availability.allowedDowntime(0.9, year)).isEqualTo(Duration.ofHours(876));
    assertThat(Availability.allowedDowntime(0.99, year)).isEqualTo(Duration.ofMinutes(5_256));
    assertThat(Availability.allowedDowntime(0.999, year).toMinutes()).isEqualTo(525);
    assertThat(Availability.allowedDowntime(0.9999, year).toSeconds()).isEqualTo(3_153);
  }

  @Test
  void isMtbfOverMtbfAndMttr() {
    var availability = new Availability(990, 10, 4);
    assertThat(availability.mtbfNanos()).isEqualTo(247.5);
    assertThat(availability.mttrNanos()).isEqualTo(2.5);
    assertThat(availability.ratio())
        .isCloseTo(
            availability.mtbfNanos() / (availability.mtbfNanos() + availability.mttrNanos()),
            within(1e-12));
  }

  @Test
  void withoutAFailureNothingIsKnownOfFailures() {
    var availability = new Availability(5, 0, 0);
    assertThat(availability.ratio()).isOne();
    assertThat(availability.mtbfNanos()).isNaN();
    assertThat(availability.mttrNanos()).isNaN();
    assertThat(new Availability(0, 0, 0).ratio()).isOne();
  }
}
