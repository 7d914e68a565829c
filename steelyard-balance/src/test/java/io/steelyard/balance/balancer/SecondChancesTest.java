package io.steelyard.balance.balancer;

import static io.steelyard.balance.Fixtures.endpoints;
import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.balance.Endpoint;
import io.steelyard.balance.FakeSelection;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecondChancesTest {
  private final FakeSelection selection = new FakeSelection(1);
  private final Endpoint[] endpoints = endpoints(1, 1, 1).toArray(Endpoint[]::new);
  private final SecondChances chances = new SecondChances(endpoints, 10);

  /** The count of choices may start just before it wraps. */
  @ParameterizedTest
  @ValueSource(longs = {0, Long.MAX_VALUE - 50})
  void comeAtLongerAndLongerIntervals(long start) {
    chances.startAt(start);
    assertThat(given(0, 1_500)).containsExactly(32, 95, 218, 461, 944, 1427);
  }

  @Test
  void whoIsChosenOnItsMeritsStartsAnew() {
    assertThat(given(0, 100)).containsExactly(32, 95);
    choose(1, 1);
    assertThat(given(0, 40)).containsExactly(31);
  }

  @Test
  void onlyTheIdleAndAcceptedAreDue() {
    selection.refuse(endpoints[1]);
    selection.refuse(endpoints[2]);
    assertThat(given(0, 200)).isEmpty();
    selection.acceptAll();
    assertThat(chances.due(selection)).isPositive();
  }

  @Test
  void trialsEndOnce() {
    assertThat(chances.endTrial(1)).isFalse();
    chances.chosen(1, true);
    assertThat(chances.endTrial(1)).isTrue();
    assertThat(chances.endTrial(1)).isFalse();
  }

  private void choose(int position, int times) {
    for (int i = 0; i < times; i++) {
      chances.chosen(position, false);
    }
  }

  /** Always the one is chosen: which of the choices went to the second one as a second chance. */
  private List<Integer> given(int chosen, int choices) {
    var given = new ArrayList<Integer>();
    for (int i = 0; i < choices; i++) {
      int due = chances.due(selection);
      if (due == 1) {
        given.add(i);
      }
      chances.chosen(due >= 0 ? due : chosen, due >= 0);
    }
    return given;
  }
}
