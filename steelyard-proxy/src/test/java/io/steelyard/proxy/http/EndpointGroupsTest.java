package io.steelyard.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.model.Address;
import io.steelyard.model.BalancerSpec;
import io.steelyard.model.Configuration;
import io.steelyard.model.EndpointSpec;
import io.steelyard.model.Listener;
import io.steelyard.model.Pool;
import io.steelyard.model.SlowStart;
import io.steelyard.proxy.kit.RawEndpoint;
import io.steelyard.proxy.kit.Setup;
import io.steelyard.proxy.kit.TestProxy;
import io.steelyard.proxy.kit.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Priorities, zones and slow start, through the proxy. */
class EndpointGroupsTest {
  private static final String POOL = "site";

  private static RawEndpoint naming(String name) throws IOException {
    RawEndpoint endpoint = RawEndpoint.open();
    endpoint.serve(RawEndpoint.answering("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" + name));
    return endpoint;
  }

  private static Configuration configuration(EndpointSpec... endpoints) {
    return configuration(Pool.of(BalancerSpec.of("round-robin"), List.of(endpoints)));
  }

  private static Configuration configuration(Pool pool) {
    return Configuration.of(
        Map.of("web", Listener.http(new Address("127.0.0.1", 0), POOL)), Map.of(POOL, pool));
  }

  /** How many of so many requests, one after the other, each endpoint answered. */
  private static Map<String, Integer> answers(TestProxy proxy, int requests) throws IOException {
    Map<String, Integer> answers = new HashMap<>();
    try (Wire client = proxy.connect()) {
      for (int i = 0; i < requests; i++) {
        String message = client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n").readMessage();
        answers.merge(message.substring(message.length() - 1), 1, Integer::sum);
      }
    }
    return answers;
  }

  @Test
  void theStandbyServesWhenThePrimariesDoNot() throws Exception {
    try (RawEndpoint a = naming("a");
        RawEndpoint b = naming("b");
        RawEndpoint standby = naming("s");
        TestProxy proxy =
            Setup.start(
                configuration(
                    EndpointSpec.of(standby.address()).withPriority(1),
                    EndpointSpec.of(a.address()),
                    EndpointSpec.of(b.address())))) {
      assertThat(answers(proxy, 20)).isEqualTo(Map.of("a", 10, "b", 10));
      a.close();
      assertThat(answers(proxy, 20)).isEqualTo(Map.of("b", 20));
      b.close();
      assertThat(answers(proxy, 20)).isEqualTo(Map.of("s", 20));
    }
  }

  @Test
  void theOwnZoneServesWhileItCan() throws Exception {
    try (RawEndpoint here = naming("h");
        RawEndpoint there = naming("t");
        TestProxy proxy =
            Setup.start(
                configuration(
                        EndpointSpec.of(there.address()).withZone("there"),
                        EndpointSpec.of(here.address()).withZone("here"))
                    .withZone("here"))) {
      assertThat(answers(proxy, 20)).isEqualTo(Map.of("h", 20));
      here.close();
      assertThat(answers(proxy, 20)).isEqualTo(Map.of("t", 20));
    }
  }

  /** A quarter of its half: 50 of 400. */
  @Test
  void whoCameUpBeginsWithLess() throws Exception {
    try (RawEndpoint old = naming("o");
        RawEndpoint young = naming("y")) {
      Pool pool =
          Pool.of(
                  BalancerSpec.of("round-robin"),
                  List.of(EndpointSpec.of(old.address()), EndpointSpec.of(young.address())))
              .withSlowStart(new SlowStart(Duration.ofHours(24), 0.25));
      try (TestProxy proxy =
          Setup.start(
              configuration(pool),
              state -> state.pool(POOL).endpoint(young.address()).cameUp(System.nanoTime()))) {
        assertThat(answers(proxy, 400).get("y")).isBetween(48, 51);
      }
    }
  }
}
