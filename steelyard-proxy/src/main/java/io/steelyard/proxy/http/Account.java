package io.steelyard.proxy.http;

import io.steelyard.proxy.log.AccessLogRing;
import io.steelyard.proxy.log.AccessRecord;
import io.steelyard.proxy.pool.LoopPool;
import io.steelyard.proxy.stats.ListenerStats;
import io.steelyard.proxy.stats.Reason;
import org.jspecify.annotations.Nullable;

/**
 * What is measured of one request, counted and logged at its end. Reused by its exchange; belongs
 * to the event loop.
 */
final class Account {
  private final HttpLoop loop;
  private final @Nullable AccessRecord record;
  private int attempts;
  private long startNanos;
  private long firstByteNanos;
  private long bytesIn;
  private long bytesOut;
  private int answerHeadBytes;

  Account(HttpLoop loop) {
    this.loop = loop;
    this.record = loop.isLogging() ? new AccessRecord() : null;
  }

  /** A request has begun to arrive. */
  void begin() {
    startNanos = loop.nanoTime();
    firstByteNanos = -1;
    attempts = 0;
    bytesIn = 0;
    bytesOut = 0;
    answerHeadBytes = 0;
  }

  /** It is sent to an endpoint. */
  void attempt() {
    attempts++;
  }

  /** The first bytes of the answer that its client gets have come. */
  void answerBegins() {
    firstByteNanos = loop.nanoTime() - startNanos;
  }

  void addBytesIn(long count) {
    bytesIn += count;
  }

  void addBytesOut(long count) {
    bytesOut += count;
  }

  void addAnswerHeadBytes(int count) {
    answerHeadBytes += count;
  }

  /** What the access log is to say of the request; null when there is none. */
  @Nullable AccessRecord record() {
    return record;
  }

  /**
   * The request is over.
   *
   * @param attempt the last
   * @param answered the status that was sent; 0 for none
   * @param status what the access log says
   */
  void close(
      HttpService service,
      ClientStream client,
      @Nullable LoopPool pool,
      Attempt attempt,
      int answered,
      int status,
      Reason reason) {
    ListenerStats stats = service.stats();
    if (answered != 0) {
      stats.answers(answered).increment();
    }
    if (reason != Reason.NONE) {
      stats.reason(reason);
    }
    long nanos = loop.nanoTime() - startNanos;
    stats.latency.record(nanos);
    AccessRecord logged = record;
    AccessLogRing ring = loop.log();
    if (logged != null && ring != null) {
      fill(logged, service, client, nanos);
      logged.status = status;
      logged.reason = reason;
      logged.connectNanos = attempt.connectNanos();
      logged.pool = pool == null ? null : pool.name();
      logged.endpoint = attempt.endpointName();
      ring.offer(logged);
      logged.clear();
    }
  }

  private void fill(AccessRecord target, HttpService service, ClientStream client, long nanos) {
    target.startEpochMicros = loop.epochMicros(startNanos);
    target.listener = service.name();
    target.client = client.clientAddress();
    target.clientPort = client.clientPort();
    target.bytesIn = bytesIn;
    target.bytesOut = bytesOut;
    target.answerHeadBytes = answerHeadBytes;
    target.totalNanos = nanos;
    target.firstByteNanos = firstByteNanos;
    target.attempts = attempts;
  }
}
