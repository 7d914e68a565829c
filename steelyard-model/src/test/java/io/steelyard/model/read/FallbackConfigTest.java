package io.steelyard.model.read;

import static io.steelyard.model.read.Reading.LISTENERS;
import static io.steelyard.model.read.Reading.findings;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Quorums, fallbacks and wishes of a configuration. */
class FallbackConfigTest {
  private static final String THREE = "endpoints: [a:1, a:2, a:3]";

  private static String pool(String settings) {
    return LISTENERS + "pools: { site: { " + settings + " } }\n";
  }

  @Test
  void goodOnes() {
    assertThat(findings(pool(THREE + ", quorum: 2"))).isEmpty();
    assertThat(findings(pool(THREE + ", quorum: { endpoints: 2, weight: 2, hysteresis: 1 }")))
        .isEmpty();
    assertThat(findings(pool(THREE + ", fallback: { answer: {} }"))).isEmpty();
    assertThat(
            findings(
                pool(THREE + ", fallback: { answer: { status: 200, retry-after: 10s, body: ä } }")))
        .isEmpty();
    assertThat(findings(pool("endpoints: [{ address: a:1, wish: drain }]"))).isEmpty();
    assertThat(
            findings(
                LISTENERS
                    + "pools: { site: { endpoints: [a:1], fallback: sorry }, sorry: { endpoints: [b:1] } }"))
        .isEmpty();
  }

  @Test
  void quorums() {
    assertThat(findings(pool(THREE + ", quorum: { endpoints: 1, hysteresis: 1 }")))
        .containsExactly(
            "2:82: error: pools.site.quorum.hysteresis: is 1, expected less than 'endpoints', which is 1");
    assertThat(findings(pool(THREE + ", quorum: 4")))
        .containsExactly(
            "2:54: warning: pools.site.quorum.endpoints: is 4, and the pool has no more than 3");
    assertThat(findings(pool(THREE + ", quorum: { endpoints: 3, hysteresis: 1 }")))
        .containsExactly(
            "2:82: warning: pools.site.quorum.hysteresis: asks for 4 endpoints before the pool is up again, and it has no more than 3");
    assertThat(findings(pool(THREE + ", quorum: { weight: 9 }")))
        .containsExactly(
            "2:64: warning: pools.site.quorum.weight: is 9, and the pool has no more than 3");
    assertThat(findings(pool(THREE + ", quorum: 0")))
        .containsExactly("2:54: error: pools.site.quorum.endpoints: is 0, expected 1 to 65535");
  }

  @Test
  void fallbacksThatLeadNowhere() {
    assertThat(findings(pool(THREE + ", fallback: sitte")))
        .containsExactly(
            "2:56: error: pools.site.fallback.pool: there is no pool 'sitte', expected the name of one under 'pools', did you mean 'site'?");
    assertThat(findings(pool(THREE + ", fallback: site")))
        .containsExactly(
            "2:56: error: pools.site.fallback.pool: leads back to 'site': site → site");
    assertThat(
            findings(
                LISTENERS
                    + "pools: { site: { endpoints: [a:1], fallback: b }, b: { endpoints: [b:1], fallback: c }, c: { endpoints: [c:1], fallback: b } }"))
        .containsExactly(
            "2:84: error: pools.b.fallback.pool: leads back to 'b': b → c → b",
            "2:122: error: pools.c.fallback.pool: leads back to 'c': c → b → c");
    assertThat(findings(pool(THREE + ", fallback: {}")))
        .containsExactly(
            "2:46: error: pools.site.fallback: has neither 'pool' nor 'answer', expected one of the two");
    assertThat(findings(pool(THREE + ", fallback: { pool: site, answer: {} }"))).isNotEmpty();
  }

  @Test
  void answersAndWishesThatAreNone() {
    assertThat(findings(pool(THREE + ", fallback: { answer: { status: 101 } }")))
        .containsExactly(
            "2:76: error: pools.site.fallback.answer.status: is 101, expected 200 to 599");
    assertThat(findings(pool(THREE + ", fallback: { answer: { content-type: \"a\\r\\nb\" } }")))
        .hasSize(1);
    assertThat(findings(pool("endpoints: [{ address: a:1, wish: down }]")))
        .containsExactly(
            "2:52: error: pools.site.endpoints[0].wish: 'down' is not known, expected ready, drain or disabled");
  }
}
