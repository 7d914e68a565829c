package io.steelyard.model.read;

import static io.steelyard.model.read.Reading.LISTENERS;
import static io.steelyard.model.read.Reading.findings;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a pool makes of requests that fail, wait or are too many. */
class PoolTrafficTest {
  private static String pool(String settings) {
    return LISTENERS + "pools: { site: { endpoints: [a:1, a:2], " + settings + " } }\n";
  }

  @Test
  void goodRetries() {
    assertThat(findings(pool("retries: 3"))).isEmpty();
    assertThat(
            findings(
                pool(
                    "retries: { attempts: 1, on: [connect, refused, reset, timeout, 429, 502-504, grpc-unavailable, grpc-data-loss], held: 1MiB, budget: { share: 50, floor: 1 } }")))
        .isEmpty();
    assertThat(findings(pool("retries: { on: [] }"))).isEmpty();
  }

  @Test
  void badRetries() {
    assertThat(findings(pool("retries: 11")))
        .containsExactly("2:50: error: pools.site.retries.attempts: is 11, expected 0 to 10");
    assertThat(findings(pool("retries: { on: [conect, 200] }")))
        .containsExactly(
            "2:57: error: pools.site.retries.on[0]: 'conect' is not known, expected connect, refused, reset, timeout, invalid, a status of gRPC such as grpc-unavailable, or statuses from 400 such as 503 or 500-599",
            "2:65: error: pools.site.retries.on[1]: '200' is not known, expected connect, refused, reset, timeout, invalid, a status of gRPC such as grpc-unavailable, or statuses from 400 such as 503 or 500-599");
    assertThat(findings(pool("retries: { on: [504-502] }")))
        .containsExactly(
            "2:57: error: pools.site.retries.on[0]: '504-502' is no range, expected the smaller status first");
    assertThat(findings(pool("retries: { budget: { share: -1 } }")))
        .containsExactly("2:69: error: pools.site.retries.budget.share: is -1, expected 0 to 1000");
  }

  @Test
  void http() {
    assertThat(findings(pool("http: 2"))).isEmpty();
    assertThat(findings(pool("http: { version: 2, max-streams: 1, stream-window: 1MiB }")))
        .isEmpty();
    assertThat(findings(pool("http: 3")))
        .containsExactly("2:47: error: pools.site.http.version: is 3, expected 1 to 2");
    assertThat(findings(pool("http: 2, proxy-protocol: v2")))
        .containsExactly(
            "2:66: error: pools.site.proxy-protocol: cannot be with 'http: 2', whose connections are shared by clients, expected one of the two");
  }

  @Test
  void hedging() {
    assertThat(findings(pool("hedging: { after: 5ms }"))).isEmpty();
    assertThat(findings(pool("hedging: { percentile: 99.9, at-least: 5ms }"))).isEmpty();
    assertThat(findings(pool("hedging: { at-least: 5ms }")))
        .containsExactly(
            "2:41: error: pools.site.hedging: has neither 'after' nor 'percentile', expected one of the two");
    assertThat(findings(pool("hedging: { after: 5ms, percentile: 95 }")))
        .containsExactly(
            "2:59: error: pools.site.hedging.after: stands beside 'percentile', expected one of the two");
    assertThat(findings(pool("hedging: { percentile: 100 }")))
        .containsExactly(
            "2:64: error: pools.site.hedging.percentile: is 100.0, expected 1 to 99.99");
    assertThat(
            findings(
                LISTENERS + "pools: { site: { endpoints: [a:1], hedging: { after: 5ms } } }\n"))
        .containsExactly(
            "2:36: warning: pools.site.hedging: needs a second endpoint, and the pool has one");
  }

  @Test
  void queues() {
    var limited = "limits: { in-flight: 1 }, ";
    assertThat(findings(pool(limited + "queue: {}"))).isEmpty();
    assertThat(
            findings(
                pool(
                    limited
                        + "queue: { classes: [gold, { name: tin, weight: 2 }], order: weighted }")))
        .isEmpty();
    assertThat(findings(pool("queue: { length: 5 }")))
        .containsExactly(
            "2:41: warning: pools.site.queue: is never used, for nothing limits what the endpoints have to do: expected 'limits' or 'max-in-flight'");
    assertThat(findings(pool(limited + "queue: { classes: [gold, gold] }")))
        .containsExactly(
            "2:92: error: pools.site.queue.classes[1]: is another class 'gold', expected each name once");
    assertThat(findings(pool(limited + "queue: { fair-after: 1s }")))
        .containsExactly(
            "2:88: warning: pools.site.queue.fair-after: is no shorter than 'timeout', which is 1s: classes after the first may starve");
    assertThat(findings(pool(limited + "queue: { order: weigthed }")))
        .containsExactly(
            "2:83: error: pools.site.queue.order: 'weigthed' is not known, expected strict or weighted");
  }

  @Test
  void limits() {
    assertThat(findings(pool("limits: { connections: 5, per-endpoint: { retries: 1 } }")))
        .isEmpty();
    assertThat(findings(pool("limits: { adaptive: {} }, queue: {}"))).isEmpty();
    assertThat(findings(pool("limits: { adaptive: { least: 5, most: 4 } }")))
        .containsExactly(
            "2:79: error: pools.site.limits.adaptive.most: is 4, expected no less than 'least', which is 5");
    assertThat(findings(pool("limits: { in-flight: -1 }")))
        .containsExactly(
            "2:62: error: pools.site.limits.in-flight: is -1, expected 0 to 1000000000");
  }

  @Test
  void serviceClasses() {
    var listener =
        "listeners: { web: { address: ':80', routes: [{ pool: site, service-class: %s }] } }\n";
    var site =
        "pools: { site: { endpoints: [a:1], limits: { in-flight: 1 }, queue: { classes: [gold] } } }\n";
    assertThat(findings(listener.formatted("gold") + site)).isEmpty();
    assertThat(findings(listener.formatted("golf") + site))
        .containsExactly(
            "1:75: error: listeners.web.routes[0].service-class: there is no class 'golf' in pool site, expected one of its 'queue.classes', did you mean 'gold'?");
    assertThat(findings(listener.formatted("gold") + "pools: { site: { endpoints: [a:1] } }\n"))
        .containsExactly(
            "1:75: error: listeners.web.routes[0].service-class: there is no class 'gold' in pool site, expected one of its 'queue.classes'");
  }
}
