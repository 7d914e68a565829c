package io.steelyard.proxy.http;

import io.steelyard.codec.http1.HeadEdit;
import io.steelyard.net.Loop;
import io.steelyard.net.TimerWheel;
import io.steelyard.proxy.log.AccessLogRing;
import io.steelyard.proxy.stats.LoopStats;
import java.util.ArrayDeque;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What the HTTP services of one event loop share. Belongs to that loop. */
public final class HttpLoop {
  /** Requests kept for reuse; beyond so many at a time they are made anew. */
  private static final int STOCK = 4096;

  private final Loop loop;
  private final LoopStats stats;
  private final RandomGenerator random;
  private final @Nullable AccessLogRing log;
  private final HeadEdit edit = new HeadEdit();
  private final ArrayDeque<Http1Request> requests = new ArrayDeque<>();
  private final ArrayDeque<Http1Answer> answers = new ArrayDeque<>();
  private final long epochMicros;
  private final long epochNanoTime;
  private long now;

  public HttpLoop(Loop loop, LoopStats stats, RandomGenerator random, @Nullable AccessLogRing log) {
    this.loop = loop;
    this.stats = stats;
    this.random = random;
    this.log = log;
    this.epochMicros = System.currentTimeMillis() * 1000;
    this.epochNanoTime = System.nanoTime();
    this.now = epochNanoTime;
  }

  Loop loop() {
    return loop;
  }

  TimerWheel timers() {
    return loop.timers();
  }

  LoopStats stats() {
    return stats;
  }

  RandomGenerator random() {
    return random;
  }

  /** For the edit of one head at a time. */
  HeadEdit edit() {
    return edit;
  }

  /** Reads the clock. Every event from outside begins with it: a read, a timeout, an end. */
  void readClock() {
    now = System.nanoTime();
  }

  /** When the event that is being handled began, on the clock of {@link System#nanoTime}. */
  public long nanoTime() {
    return now;
  }

  boolean isLogging() {
    return log != null;
  }

  @Nullable AccessLogRing log() {
    return log;
  }

  /** The time of day, in microseconds since 1970, at which {@link #nanoTime} was {@code nanos}. */
  long epochMicros(long nanos) {
    return epochMicros + (nanos - epochNanoTime) / 1000;
  }

  Http1Request takeRequest() {
    Http1Request request = requests.pollLast();
    return request == null ? new Http1Request(this) : request;
  }

  void giveBack(Http1Request request) {
    request.reset();
    if (requests.size() < STOCK) {
      requests.addLast(request);
    }
  }

  Http1Answer takeAnswer() {
    Http1Answer answer = answers.pollLast();
    return answer == null ? new Http1Answer() : answer;
  }

  void giveBack(Http1Answer answer) {
    if (answers.size() < STOCK) {
      answers.addLast(answer);
    }
  }
}
