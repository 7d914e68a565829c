package io.steelyard.balance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class EndpointStateTest {
  private final EndpointState state = new EndpointState();

  @Test
  void countsWhatIsInFlightAndHowItEnded() {
    state.opened();
    state.opened();
    state.opened();
    state.closed(Outcome.SUCCESS, 40);
    state.closed(Outcome.RESET, 2);

    assertThat(state.inFlight()).isEqualTo(1);
    assertThat(state.picks()).isEqualTo(3);
    assertThat(state.outcomes(Outcome.SUCCESS)).isEqualTo(1);
    assertThat(state.outcomes(Outcome.RESET)).isEqualTo(1);
    assertThat(state.outcomes(Outcome.CANCELLED)).isZero();
    assertThat(state.nanos()).isEqualTo(42);
  }

  @Test
  void timeOfWhatWasCancelledIsNotTheEndpoints() {
    state.opened();
    state.closed(Outcome.CANCELLED, 1_000);

    assertThat(state.outcomes(Outcome.CANCELLED)).isEqualTo(1);
    assertThat(state.nanos()).isZero();
  }

  @Test
  void countsErrorsInARowAndTellsAtEachMultipleOfTheLimit() {
    var told = new ArrayList<Integer>();
    state.watchErrors(2, told::add);
    close(Outcome.RESET, Outcome.SUCCESS, Outcome.RESET, Outcome.CANCELLED);
    assertThat(state.errorsInRow()).isEqualTo(1);
    assertThat(told).isEmpty();

    close(Outcome.ERROR_ANSWER, Outcome.CONNECT_FAILED, Outcome.RESPONSE_TIMEOUT);
    assertThat(state.errorsInRow()).isEqualTo(4);
    assertThat(told).containsExactly(2, 4);

    state.forgetErrors();
    close(Outcome.BAD_ANSWER);
    assertThat(state.errorsInRow()).isEqualTo(1);
  }

  private void close(Outcome... outcomes) {
    for (var outcome : outcomes) {
      state.opened();
      state.closed(outcome, 1);
    }
  }

  @Test
  void losesNothingBetweenEventLoops() throws InterruptedException {
    int rounds = 20_000;
    var loops = new ArrayList<Thread>();
    for (int i = 0; i < 4; i++) {
      loops.add(
          Thread.ofPlatform()
              .start(() -> {
                for (int round = 0; round < rounds; round++) {
                  state.opened();
                  state.closed(Outcome.SUCCESS, 1);
                }
              }));
    }
    for (var loop : loops) {
      loop.join();
    }

    assertThat(state.inFlight()).isZero();
    assertThat(state.picks()).isEqualTo(4L * rounds);
    assertThat(state.outcomes(Outcome.SUCCESS)).isEqualTo(4L * rounds);
    assertThat(state.nanos()).isEqualTo(4L * rounds);
  }
}
