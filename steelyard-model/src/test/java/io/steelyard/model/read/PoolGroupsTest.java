package io.steelyard.model.read;

import static io.steelyard.model.read.Reading.LISTENERS;
import static io.steelyard.model.read.Reading.findings;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PoolGroupsTest {
  private static final String STANDBY =
      "endpoints: [{ address: a:1 }, { address: a:2 }, { address: b:1, priority: 1 }]";

  private static String pool(String settings) {
    return LISTENERS + "pools: { site: { " + settings + " } }\n";
  }

  @Test
  void goodOnes() {
    assertThat(
            findings(
                pool(
                    STANDBY
                        + ", priorities: { minimum-active: 1, return-at: 2 }, slow-start: {}, subset: { size: 2 }")))
        .isEmpty();
    assertThat(findings("zone: x\n" + pool("endpoints: [{ address: a:1, zone: x }]"))).isEmpty();
  }

  @Test
  void returnBeforeItIsEnough() {
    assertThat(findings(pool(STANDBY + ", priorities: { minimum-active: 2, return-at: 1 }")))
        .containsExactly(
            "2:142: error: pools.site.priorities.return-at: is 1, expected 0 or no less than 'minimum-active', which is 2");
  }

  @Test
  void standbyThatNeverStandsBy() {
    assertThat(findings(pool(STANDBY + ", priorities: { minimum-active: 3 }")))
        .containsExactly(
            "2:98: warning: pools.site.priorities: want 3 endpoints of priority 0, of which there are only 2: the next priority never stands by again");
  }

  @Test
  void zoneWithoutEndpoints() {
    assertThat(findings("zone: eats\n" + pool("endpoints: [{ address: a:1, zone: east }]")))
        .containsExactly(
            "3:18: warning: pools.site.endpoints: have none in the zone of this process, 'eats', did you mean 'east'?");
  }

  @Test
  void subsets() {
    assertThat(findings(pool("endpoints: [a:1], subset: { size: 2 }")))
        .containsExactly(
            "2:52: warning: pools.site.subset.size: is 2, and the pool has no more than 1");
    assertThat(findings(pool("endpoints: [a:1], subset: {}")))
        .containsExactly(
            "2:36: error: pools.site.subset.size: is missing, expected a whole number without quotes");
  }

  @Test
  void slowStartOutOfRange() {
    assertThat(findings(pool("endpoints: [a:1], slow-start: { duration: 30s, from: 0 }")))
        .containsExactly("2:71: error: pools.site.slow-start.from: is 0.0, expected 0.001 to 1");
  }
}
