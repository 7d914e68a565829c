package io.steelyard.bench;

import java.util.List;

/**
 * One contestant under load for some seconds.
 *
 * @param round from 1
 * @param cpuMicros CPU time of the proxy per request
 * @param userMicros the part of it that was not the kernel's
 * @param busy the share of one core that the proxy took, 0 to 1 (more when it uses several)
 * @param others what processes that have no part in the run took of the processors in use, in cores
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
    double others,
    long residentBytes,
    List<String> problems) {

  static Window of(Contestant contestant, Work work, int round, Lab.Load load, long residentBytes) {
    WrkResult client = load.client();
    double cpuMicros =
        client.requests() == 0 ? 0 : load.proxy().cpuNanos() / 1e3 / client.requests();
    return new Window(
        contestant.name(),
        contestant.peer(),
        round,
        client.requests(),
        client.requestsPerSecond(),
        client.p50Micros(),
        client.p99Micros(),
        cpuMicros,
        cpuMicros * load.proxy().userShare(),
        load.proxy().cpuNanos() / 1e9 / load.seconds(),
        load.others(),
        residentBytes,
        client.problems(work));
  }

  boolean sound() {
    return problems.isEmpty();
  }
}
