package io.steelyard.proxy.stats;

/**
 * What happened at one listener. An event loop has one and alone writes it, any thread may read; as
 * a sum over loops it is a copy that nobody writes.
 */
public final class ListenerStats {
  private static final Reason[] REASONS = Reason.values();

  private final Cells cells = new Cells(18 + AnswerClass.COUNT + REASONS.length);

  /** Connections accepted. */
  public final Counter connections = cells.counter();

  /**
   * Connections that were accepted beyond the listener's limit and had to wait for others to end.
   */
  public final Counter waited = cells.counter();

  /** Requests whose head was received whole and valid. */
  public final Counter requests = cells.counter();

  /** Requests refused because they are not valid HTTP. */
  public final Counter malformed = cells.counter();

  /** Bytes received from clients, heads included. */
  public final Counter bytesIn = cells.counter();

  /** Bytes sent to clients, heads included. */
  public final Counter bytesOut = cells.counter();

  /** TLS handshakes that ended well, in TLS 1.2. */
  public final Counter handshakes12 = cells.counter();

  /** TLS handshakes that ended well, in TLS 1.3. */
  public final Counter handshakes13 = cells.counter();

  /** TLS handshakes that failed, or that the client left. */
  public final Counter failedHandshakes = cells.counter();

  /** TLS handshakes that took too long. */
  public final Counter slowHandshakes = cells.counter();

  /** Connections that spoke no TLS where it was expected. */
  public final Counter plainOnTls = cells.counter();

  /** Connections whose TLS was broken after the handshake, by attempts to renegotiate, too. */
  public final Counter brokenTls = cells.counter();

  /** Connections that spoke HTTP/2. */
  public final Counter http2Connections = cells.counter();

  /** HTTP/2 connections that were closed because the client broke a rule or a limit. */
  public final Counter http2Errors = cells.counter();

  /** HTTP/2 requests that were reset because they broke a rule or a limit. */
  public final Counter http2StreamErrors = cells.counter();

  /** HTTP/2 requests that clients reset. */
  public final Counter http2Resets = cells.counter();

  /** Connections that are open. */
  public final Gauge active = cells.gauge();

  /** Of the open connections, those between two requests. */
  public final Gauge idle = cells.gauge();

  /** From a request's first byte to its answer's last. */
  public final LatencyHistogram latency = new LatencyHistogram();

  private final Counter[] answers = cells.counters(AnswerClass.COUNT);
  private final Counter[] reasons = cells.counters(REASONS.length);

  ListenerStats() {}

  /** Answers sent with a status of this one's class. */
  public Counter answers(int status) {
    return answers(AnswerClass.of(status));
  }

  /** Answers sent with a status of this class. */
  public Counter answers(AnswerClass answerClass) {
    return answers[answerClass.index()];
  }

  /** Counts a request that ended for this reason. Only on the owning event loop. */
  public void reason(Reason reason) {
    reasons[reason.index()].increment();
  }

  /** Requests that ended for this reason. */
  public long reasons(Reason reason) {
    return reasons[reason.index()].value();
  }

  void addAll(ListenerStats other) {
    cells.addAll(other.cells);
    latency.addAll(other.latency);
  }
}
