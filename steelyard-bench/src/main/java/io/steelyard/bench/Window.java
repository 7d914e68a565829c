package io.steelyard.bench;

import java.util.List;

/**
 * One contestant under load for some seconds.
 *
 * @param round from 1
 * @param cpuMicros CPU time of the proxy per request
 * @param userMicros the part of it that was not the kernel's
 * @param busy the share of one core that the proxy took, 0 to 1 (more when it uses several)
 * @param residentBytes RSS at the end
 * @param problems empty unless answers failed; then the figures say nothing
 */
record Window(
    String contestant,
    boolean peer,
    int round,
    long requests,
    double requestsPerSecond,
    double p50Micros,
    double p99Micros,
    double cpuMicros,
    double userMicros,
    double busy,
    long residentBytes,
    List<String> problems) {

  static Window of(
      Contestant contestant,
      int round,
      WrkResult client,
      Usage proxy,
      double seconds,
      long residentBytes,
      List<String> problems) {
    double cpuMicros = client.requests() == 0 ? 0 : proxy.cpuNanos() / 1e3 / client.requests();
    return new Window(
        contestant.name(),
        contestant.peer(),
        round,
        client.requests(),
        client.requestsPerSecond(),
        client.p50Micros(),
        client.p99Micros(),
        cpuMicros,
        cpuMicros * proxy.userShare(),
        proxy.cpuNanos() / 1e9 / seconds,
        residentBytes,
        problems);
  }

  boolean sound() {
    return problems.isEmpty();
  }
}
