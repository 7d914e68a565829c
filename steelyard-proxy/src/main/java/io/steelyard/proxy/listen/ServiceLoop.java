package io.steelyard.proxy.listen;

import io.steelyard.net.Loop;
import io.steelyard.net.TimerWheel;
import io.steelyard.proxy.log.AccessLogRing;
import io.steelyard.proxy.stats.LoopStats;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What the services of one event loop share, whatever their protocols: its clock, its randomness,
 * its counters, its part of the access log. Belongs to that loop.
 */
public class ServiceLoop {
  private final Loop loop;
  private final LoopStats stats;
  private final RandomGenerator random;
  private final @Nullable AccessLogRing log;
  private final long epochMicros;
  private final long epochNanoTime;
  private long now;

  public ServiceLoop(
      Loop loop, LoopStats stats, RandomGenerator random, @Nullable AccessLogRing log) {
    this.loop = loop;
    this.stats = stats;
    this.random = random;
    this.log = log;
    this.epochMicros = System.currentTimeMillis() * 1000;
    this.epochNanoTime = System.nanoTime();
    this.now = epochNanoTime;
  }

  public final Loop loop() {
    return loop;
  }

  public final TimerWheel timers() {
    return loop.timers();
  }

  public final LoopStats stats() {
    return stats;
  }

  public final RandomGenerator random() {
    return random;
  }

  /** Reads the clock. Every event from outside begins with it: a read, a timeout, an end. */
  public final void readClock() {
    now = System.nanoTime();
  }

  /** When the event that is being handled began, on the clock of {@link System#nanoTime}. */
  public final long nanoTime() {
    return now;
  }

  public final boolean isLogging() {
    return log != null;
  }

  public final @Nullable AccessLogRing log() {
    return log;
  }

  /** The time of day, in microseconds since 1970, at which {@link #nanoTime} was {@code nanos}. */
  public final long epochMicros(long nanos) {
    return epochMicros + (nanos - epochNanoTime) / 1000;
  }
}
