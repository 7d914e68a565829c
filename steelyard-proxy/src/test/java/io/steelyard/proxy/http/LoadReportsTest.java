package io.steelyard.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.balance.EndpointState;
import io.steelyard.model.BalancerSpec;
import io.steelyard.model.TransportKind;
import io.steelyard.proxy.kit.RawEndpoint;
import io.steelyard.proxy.kit.Setup;
import io.steelyard.proxy.kit.TestProxy;
import io.steelyard.proxy.kit.Wire;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * What balancers learn from the traffic itself: reports of load, times of connects, idle
 * connections.
 */
class LoadReportsTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

  @Test
  void reportsInAnswersReachTheBalancer() throws Exception {
    EndpointState state =
        served(
            "dynamic-ratio",
            "Endpoint-Load-Metrics: TEXT cpu_utilization=0.9,mem_utilization=0.2\r\n");
    assertThat(Objects.requireNonNull(state.report()).metrics())
        .isEqualTo(Map.of("cpu", 0.9, "memory", 0.2));
  }

  @Test
  void whatMakesNoSenseIsNoReport() throws Exception {
    assertThat(served("dynamic-ratio", "endpoint-load-metrics: \u00ff{,,;\r\n").report()).isNull();
    assertThat(served("dynamic-ratio", "endpoint-load-metric: cpu=1\r\n").report()).isNull();
  }

  @Test
  void othersDoNotAskForReports() throws Exception {
    EndpointState state = served("round-robin", "endpoint-load-metrics: cpu=0.9\r\n");
    assertThat(state.report()).isNull();
    assertThat(state.connectTime().isKnown()).isFalse();
  }

  @Test
  void connectsAreTimed() throws Exception {
    EndpointState state = served("minimum-rtt", "");
    assertThat(state.connectTime().nanos()).isBetween(1.0, 5e9);
  }

  @Test
  void idleConnectionsAreCounted() throws Exception {
    assertThat(served("weighted-least-connections", "").idle()).isZero();
  }

  /** Two requests, one after the other; what is known of the endpoint once the proxy has ended. */
  private static EndpointState served(String balancer, String field) throws Exception {
    String answer = "HTTP/1.1 200 OK\r\n" + field + "Content-Length: 2\r\n\r\nok";
    EndpointState state;
    try (RawEndpoint endpoint = RawEndpoint.serving(RawEndpoint.answering(answer));
        TestProxy proxy =
            Setup.on(TransportKind.NIO).balancer(BalancerSpec.of(balancer)).start(endpoint);
        Wire client = proxy.connect()) {
      state = proxy.state(endpoint.address());
      client.send(GET).expect(answer);
      proxy.awaitNothingInFlight();
      assertThat(state.idle()).isOne();
      client.send(GET).expect(answer);
    }
    return state;
  }
}
