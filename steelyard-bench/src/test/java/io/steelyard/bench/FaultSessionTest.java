package io.steelyard.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.bench.FaultSession.Outcome;
import java.util.List;
import org.junit.jupiter.api.Test;

class FaultSessionTest {
  @Test
  void aTable() {
    assertThat(
            FaultSession.table(
                List.of(
                    new Outcome(
                        FaultSite.NGINX, Fault.RESETS, 1200, 7, 3, 12.4, 650, -1, "no answer"))))
        .isEqualTo(
            """
            | fault | proxy | requests | failed | over 100 ms | worst | felt for | reached for | failures |
            |---|---|---|---|---|---|---|---|---|
            | resets | nginx | 1200 | 7 | 3 | 12 ms | 0.7 s | – | no answer |
            """);
  }

  /** What each fault does to a client that has no proxy before it, and that it can tell. */
  @Test
  void endpointsFailAsTheyAreTold() throws Exception {
    try (Workspace workspace = Workspace.create()) {
      for (Fault fault : List.of(Fault.ERRORS, Fault.GARBAGE, Fault.RESETS, Fault.KILLED)) {
        List<Integer> ports = Ports.free(2);
        try (FaultyEndpoint endpoint =
            FaultyEndpoint.start(workspace, ports.get(0), ports.get(1))) {
          assertThat(new OpenLoad(endpoint.port()).run(50, 0.2))
              .hasSize(10)
              .allSatisfy(sample -> assertThat(sample.failure()).isNull());
          endpoint.begin(fault);
          assertThat(new OpenLoad(endpoint.port()).run(50, 0.2))
              .hasSize(10)
              .allSatisfy(sample -> assertThat(sample.failure()).isNotNull());
          if (fault != Fault.KILLED) {
            assertThat(endpoint.lastRequestMillis(fault))
                .isCloseTo(
                    System.currentTimeMillis(), org.assertj.core.data.Offset.offset(10_000L));
          }
        }
      }
    }
  }
}
