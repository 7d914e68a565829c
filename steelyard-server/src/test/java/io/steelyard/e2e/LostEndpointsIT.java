package io.steelyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Endpoints are killed under load and come back, and no client notices. */
class LostEndpointsIT {
  private static final int CONNECTIONS = 32;
  private static final int REQUESTS_BETWEEN = 500;

  @TempDir private Path directory = Path.of("");
  private final List<Nginx> endpoints = new ArrayList<>();

  @BeforeEach
  void startEndpoints() throws IOException {
    for (String name : List.of("a", "b", "c")) {
      endpoints.add(Nginx.start(directory, name));
    }
  }

  @AfterEach
  void stopEndpoints() {
    endpoints.forEach(Nginx::close);
  }

  @Test
  void noRequestFails() throws IOException, InterruptedException {
    List<InetSocketAddress> addresses = endpoints.stream().map(Nginx::address).toList();
    try (Steelyard steelyard = Steelyard.run(directory, Steelyard.yaml(addresses));
        Wrk wrk = Wrk.start(directory, steelyard.url("/name"), CONNECTIONS)) {
      for (int round = 0; round < 2; round++) {
        for (int i = 0; i < endpoints.size(); i++) {
          Nginx endpoint = endpoints.get(i);
          awaitRequests(steelyard, i);
          endpoint.kill();
          awaitRequests(steelyard, (i + 1) % endpoints.size());
          endpoint.restart();
        }
      }
      awaitRequests(steelyard, endpoints.size() - 1);
      assertThat(wrk.finish()).isGreaterThan(REQUESTS_BETWEEN);
      assertThat(steelyard.status().at("/pools/0/retries").asLong()).isPositive();
      steelyard.stop();
    }
  }

  /** Waits until the endpoint has answered some more requests. */
  private static void awaitRequests(Steelyard steelyard, int endpoint)
      throws IOException, InterruptedException {
    long before = answered(steelyard, endpoint);
    await("more requests to endpoint " + endpoint)
        .atMost(Program.PATIENCE)
        .until(() -> answered(steelyard, endpoint) >= before + REQUESTS_BETWEEN);
  }

  private static long answered(Steelyard steelyard, int endpoint)
      throws IOException, InterruptedException {
    JsonNode status = steelyard.status();
    return status.at("/pools/0/endpoints/" + endpoint + "/answers/2xx").asLong();
  }
}
