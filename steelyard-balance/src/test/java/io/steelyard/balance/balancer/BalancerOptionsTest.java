package io.steelyard.balance.balancer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BalancerOptionsTest {
  private static final Option<Boolean> CONSISTENT = Option.flag("consistent", false);
  private static final Option<Long> DEPTH = Option.integer("depth", 0, 0, 100);
  private static final Option<Double> FACTOR = Option.number("factor", 1.25, 1, 10);
  private static final Option<String> KEY = Option.text("key", "none");
  private static final Option<Side> SIDE = Option.choice("side", Side.LEFT_HAND);

  private enum Side {
    LEFT_HAND,
    RIGHT_HAND
  }

  @Test
  void absentOptionsHaveTheirDefaults() {
    var options = BalancerOptions.none();
    assertThat(options.get(CONSISTENT)).isFalse();
    assertThat(options.get(DEPTH)).isZero();
    assertThat(options.get(FACTOR)).isEqualTo(1.25);
    assertThat(options.get(KEY)).isEqualTo("none");
    assertThat(options.get(SIDE)).isEqualTo(Side.LEFT_HAND);
    assertThat(options.names()).isEmpty();
  }

  @Test
  void readsValuesOfTheirType() {
    var options =
        BalancerOptions.of(
            Map.of(
                "consistent", true, "depth", 3L, "factor", 2L, "key", "k", "side", "right-hand"));
    assertThat(options.get(CONSISTENT)).isTrue();
    assertThat(options.get(DEPTH)).isEqualTo(3);
    assertThat(options.get(FACTOR)).isEqualTo(2.0);
    assertThat(options.get(KEY)).isEqualTo("k");
    assertThat(options.get(SIDE)).isEqualTo(Side.RIGHT_HAND);
    assertThat(options.names())
        .containsExactlyInAnyOrder("consistent", "depth", "factor", "key", "side");
  }

  @Test
  void numbersMayBeWrittenInJavaToo() {
    assertThat(BalancerOptions.of(Map.of("depth", 3)).get(DEPTH)).isEqualTo(3);
    assertThat(BalancerOptions.of(Map.of("factor", 1.5)).get(FACTOR)).isEqualTo(1.5);
  }

  @Test
  void otherTypesAreErrorsThatSayWhatWasExpected() {
    assertComplaint(CONSISTENT, "yes", "option consistent: 'yes', expected true or false");
    assertComplaint(DEPTH, 1.5, "option depth: 1.5, expected a whole number from 0 to 100");
    assertComplaint(DEPTH, "3", "option depth: '3', expected a whole number from 0 to 100");
    assertComplaint(DEPTH, 101L, "option depth: 101, expected a whole number from 0 to 100");
    assertComplaint(FACTOR, 0.5, "option factor: 0.5, expected a number from 1 to 10");
    assertComplaint(FACTOR, Double.NaN, "option factor: NaN, expected a number from 1 to 10");
    assertComplaint(FACTOR, true, "option factor: true, expected a number from 1 to 10");
    assertComplaint(KEY, "", "option key: '', expected a text");
    assertComplaint(KEY, List.of("a"), "option key: a list, expected a text");
    assertComplaint(SIDE, "middle", "option side: 'middle', expected left-hand or right-hand");
    assertComplaint(SIDE, Map.of("a", 1L), "option side: a map, expected left-hand or right-hand");
  }

  @Test
  void optionsDescribeThemselves() {
    assertThat(DEPTH).hasToString("depth: a whole number from 0 to 100");
    assertThat(DEPTH.ifAbsent()).isZero();
    assertThat(SIDE.expected()).isEqualTo("left-hand or right-hand");
    assertThat(Option.number("x", 0.5, 0.25, 0.75).expected())
        .isEqualTo("a number from 0.25 to 0.75");
  }

  private static void assertComplaint(Option<?> option, Object value, String message) {
    assertThatThrownBy(() -> BalancerOptions.of(Map.of(option.name(), value)).get(option))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }
}
