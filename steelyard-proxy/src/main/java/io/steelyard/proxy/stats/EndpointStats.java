package io.steelyard.proxy.stats;

/**
 * What happened at one endpoint of one pool. An event loop has one and alone writes it, any thread
 * may read; as a sum over loops or endpoints it is a copy that nobody writes.
 */
public final class EndpointStats {
  private final Cells cells = new Cells(11 + AnswerClass.COUNT);

  /** Requests sent, repeated ones included. */
  public final Counter requests = cells.counter();

  /** Bytes sent to the endpoint, heads included. */
  public final Counter bytesSent = cells.counter();

  /** Bytes received from the endpoint, heads included. */
  public final Counter bytesReceived = cells.counter();

  /** Connections opened. */
  public final Counter connects = cells.counter();

  /** Connections that could not be opened: refused, unreachable. */
  public final Counter connectFailures = cells.counter();

  /** Connections that could not be opened in time. */
  public final Counter connectTimeouts = cells.counter();

  /** Connections that the endpoint closed or reset before its answer was complete. */
  public final Counter resets = cells.counter();

  /** Requests without the head of an answer in time. */
  public final Counter responseTimeouts = cells.counter();

  /** Attempts that failed here and were repeated, here or at another endpoint. */
  public final Counter retries = cells.counter();

  /** Connections that are open. */
  public final Gauge active = cells.gauge();

  /** Of the open connections, those kept for the next request. */
  public final Gauge idle = cells.gauge();

  /** From the request handed to the endpoint to its answer's last byte. */
  public final LatencyHistogram latency = new LatencyHistogram();

  private final Counter[] answers = cells.counters(AnswerClass.COUNT);

  EndpointStats() {}

  /** Answers received with a status of this one's class. */
  public Counter answers(int status) {
    return answers(AnswerClass.of(status));
  }

  /** Answers received with a status of this class. */
  public Counter answers(AnswerClass answerClass) {
    return answers[answerClass.index()];
  }

  void addAll(EndpointStats other) {
    cells.addAll(other.cells);
    latency.addAll(other.latency);
  }
}
