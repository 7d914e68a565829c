package io.steelyard.model.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.model.Address;
import io.steelyard.model.KeyPath;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListenerAddressesTest {
  private static boolean collide(String first, String second) {
    var taken = new ListenerAddresses();
    assertThat(taken.take(Address.parse(first), KeyPath.ROOT.key("first"))).isNull();
    return taken.take(Address.parse(second), KeyPath.ROOT.key("second")) != null;
  }

  @ParameterizedTest
  @CsvSource({
    "a:1, a:1, true",
    "a:1, a:2, false",
    "a:1, b:1, false",
    "':1', ':1', true",
    "':1', 127.0.0.1:1, true",
    "':1', [::1]:1, true",
    "':1', 0.0.0.0:1, true",
    "[::]:1, 127.0.0.1:1, true",
    "[::]:1, [::1]:1, true",
    "[::]:1, 0.0.0.0:1, true",
    "0.0.0.0:1, 127.0.0.1:1, true",
    "0.0.0.0:1, [::1]:1, false",
    "0.0.0.0:1, a:1, true",
    "[::1]:1, [0:0::1]:1, true",
    "':0', ':0', false",
  })
  void knowsWhatCollides(String first, String second, boolean collide) {
    assertThat(collide(first, second)).isEqualTo(collide);
    assertThat(collide(second, first)).isEqualTo(collide);
  }
}
