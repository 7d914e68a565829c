package io.steelyard.balance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class OutcomeTest {
  @Test
  void onlyOurOwnGivingUpSaysNothingOfTheEndpoint() {
    assertThat(Arrays.stream(Outcome.values()).filter(outcome -> !outcome.concernsEndpoint()))
        .containsExactly(Outcome.CANCELLED);
  }

  @Test
  void whatWentWrongIsAnError() {
    assertThat(Arrays.stream(Outcome.values()).filter(outcome -> !outcome.isError()))
        .containsExactly(Outcome.SUCCESS, Outcome.CANCELLED);
  }
}
