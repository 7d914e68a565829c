package io.steelyard.model.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.model.Match;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteCoverTest {
  @ParameterizedTest
  @CsvSource({
    ", , , , true",
    ", , a.com, , true",
    ", , a.com, /x, true",
    "a.com, , , , false",
    "a.com, , a.com, , true",
    "a.com, , A.com, /x, true",
    "a.com, , b.com, , false",
    "*.com, , a.com, , true",
    "*.com, , a.b.com, , true",
    "*.com, , *.b.com, , true",
    "*.com, , *.com, , true",
    "*.b.com, , b.com, , false",
    "*.b.com, , *.com, , false",
    "*.b.com, , a.com, , false",
    ", /x, , /x, true",
    ", /x, , /xy, true",
    ", /x, a.com, /x/y, true",
    ", /x/, , /x, false",
    ", /, , /x, true",
    ", /, , , false",
    "a.com, /x, , /x, false",
    "*.com, /x, a.com, /x/y, true",
    "*.com, /x, a.com, /y, false",
  })
  void knowsWhatIsCovered(
      @Nullable String host,
      @Nullable String prefix,
      @Nullable String laterHost,
      @Nullable String laterPrefix,
      boolean covered) {
    var cover = new RouteCover();
    cover.add(new Match("other.org", "/"), 0);
    cover.add(new Match(host, prefix), 1);
    assertThat(cover.covering(new Match(laterHost, laterPrefix))).isEqualTo(covered ? 1 : null);
  }
}
