package io.steelyard.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A proxy that can be measured: how it is configured and started. */
sealed interface Contestant permits NginxPeer, HaproxyPeer, Steelyard {
  /** Its name in tables and JSON. */
  String name();

  /** As what it carries the load. */
  Carried carried();

  /** Whether others are compared with it. */
  boolean peer();

  /** Whether it runs on a JVM: it is then warmed for longer, and its heap can be looked at. */
  boolean jvm();

  /** Why it cannot run on this machine. */
  Optional<String> absence();

  /** Writes its configuration into the site's directory and says how to start it. */
  Launch prepare(Site site) throws IOException;

  /**
   * Where a contestant runs.
   *
   * @param directory its own
   * @param port to listen on, 127.0.0.1
   * @param adminPort for contestants that have an admin port
   */
  record Site(
      Path directory,
      int port,
      int adminPort,
      List<Integer> endpointPorts,
      Work work,
      FileLimit limit) {}

  record Launch(List<String> command, Map<String, String> environment) {
    static Launch of(String... command) {
      return new Launch(List.of(command), Map.of());
    }
  }
}
