package io.steelyard.bench;

import java.util.List;
import java.util.Set;

/**
 * What one command asks for; validated.
 *
 * @param connections numbers of connections that the client keeps busy
 * @param seconds length of a window
 * @param warmupSeconds load before the first window of a contestant on a JVM
 * @param idleConnections for {@link Measurement#MEMORY}
 */
record Plan(
    Set<Measurement> measurements,
    Setting setting,
    Tuning tuning,
    List<Work> works,
    List<Integer> connections,
    int rounds,
    int seconds,
    int warmupSeconds,
    int idleConnections) {

  /** Windows, or what stands for them, that all of it takes with so many contestants. */
  int steps(int contestants, List<Measurement> possible) {
    int cells = works.size() * connections.size();
    return possible.stream()
        .mapToInt(measurement ->
            switch (measurement) {
              case LOAD -> cells * rounds * contestants;
              case SYSCALLS -> cells * contestants;
              case MEMORY -> contestants;
              case STARTUP -> rounds * contestants;
            })
        .sum();
  }
}
