package io.steelyard.balance.limit;

import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * A limit of what an endpoint has in flight that finds itself: where requests begin to wait inside
 * of the endpoint, their times grow, and the limit shrinks.
 *
 * <pre>
 *                 100 answers, or a second and 10
 *   MEASURING ──────────────────────────────────────► FOLLOWING
 *   limit: the least                                  limit · gradient + √, each window
 *       ▲                                                 │
 *       └─────────────────────────────────────────────────┘
 *           from time to time, or five windows at the least
 * </pre>
 *
 * <p><b>Rule.</b> MEASURING finds the time that the endpoint takes with little to do. FOLLOWING, at
 * the end of each window, takes the gradient: that time and a buffer over the mean of the window,
 * within 0.5 and 2. The next limit is limit · gradient + √(limit · gradient), so that there is
 * always some room to grow into; it does not grow while less than half of it is used. For an
 * endpoint that works on k requests at a time it comes to rest a little above k.
 *
 * <p><b>Source.</b> Envoy's adaptive concurrency filter (gradient controller, 1.30); that an unused
 * limit does not grow is from Netflix's concurrency-limits, {@code Gradient2Limit}.
 *
 * <p>A function of the counters and times that it is shown. Not thread-safe.
 */
public final class AdaptiveLimit {
  private static final long WINDOW_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final int WINDOW_ANSWERS = 10;
  private static final int MEASURED_ANSWERS = 100;
  private static final long MEASURED_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int WINDOWS_AT_LEAST = 5;

  private static final double FADING = 0.97;

  /** Endpoints that started together are not measured together: up to so much later. */
  private static final double JITTER = 0.15;

  /**
   * What an endpoint has done since it became known.
   *
   * @param answers how many requests were answered
   * @param nanos how long they took in all
   * @param failures how many had no answer: refused, reset, timed out
   * @param inFlight how many it has now
   */
  public record Counters(long answers, long nanos, long failures, int inFlight) {}

  private final int least;
  private final int most;
  private final double tolerance;
  private final long remeasureNanos;
  private final RandomGenerator random;
  private boolean measuring = true;
  private boolean settled;
  private double limit;
  private double deferred;
  private double unloadedNanos;
  private long begun;
  private long remeasureAt;
  private long fromAnswers;
  private long fromNanos;
  private long fromFailures;
  private int windowsAtLeast;

  /** The most in flight of late; what lies longer ago counts the less. */
  private double peak;

  /**
   * A limit that begins with measuring.
   *
   * @param least 1 or more
   * @param most no less than that
   * @param buffer how much longer than with little to do requests may take: 0.25 for 25 %
   * @param remeasureNanos how often that is measured
   */
  public AdaptiveLimit(
      int least, int most, double buffer, long remeasureNanos, RandomGenerator random) {
    if (least < 1 || most < least) {
      throw new IllegalArgumentException(
          "least is " + least + ", most " + most + ", expected 1 or more, and no less than that");
    }
    this.least = least;
    this.most = most;
    this.tolerance = 1 + buffer;
    this.remeasureNanos = remeasureNanos;
    this.random = random;
    this.limit = least;
    this.deferred = least;
  }

  /** The most that the endpoint is to have in flight. */
  public int limit() {
    return (int) limit;
  }

  /** Whether the time with little to do is being measured. */
  public boolean isMeasuring() {
    return measuring;
  }

  /** The time that a request takes with little to do, in nanoseconds; 0 when not known yet. */
  public double unloadedNanos() {
    return unloadedNanos;
  }

  /** Looks at what has happened; to be called ten times a second or more often. */
  public void look(Counters now, long nanoTime) {
    if (measuring) {
      measure(now, nanoTime);
    } else {
      follow(now, nanoTime);
    }
  }

  /** What was sent before the limit fell to the least has no say. */
  private void measure(Counters now, long nanoTime) {
    if (!settled || now.failures() != fromFailures) {
      settled = now.inFlight() <= least;
      from(now, nanoTime);
      return;
    }
    long answers = now.answers() - fromAnswers;
    boolean isLong = nanoTime - begun >= MEASURED_NANOS;
    if (answers >= MEASURED_ANSWERS || (isLong && answers >= WINDOW_ANSWERS)) {
      unloadedNanos = Math.max(1, mean(now));
      measuring = false;
      limit = deferred;
      windowsAtLeast = 0;
      remeasureAt = nanoTime + (long) (remeasureNanos * (1 + JITTER * random.nextDouble()));
      from(now, nanoTime);
    }
  }

  private void follow(Counters now, long nanoTime) {
    peak = Math.max(now.inFlight(), peak * FADING);
    long answers = now.answers() - fromAnswers;
    if (nanoTime - begun < WINDOW_NANOS || answers < WINDOW_ANSWERS) {
      return;
    }
    double gradient = Math.clamp(unloadedNanos * tolerance / Math.max(1, mean(now)), 0.5, 2);
    double target = limit * gradient;
    double next = Math.clamp(target + Math.sqrt(target), least, most);
    boolean used = peak * 2 >= limit && now.failures() == fromFailures;
    if (next <= limit || used) {
      limit = next;
    }
    windowsAtLeast = limit() == least ? windowsAtLeast + 1 : 0;
    from(now, nanoTime);
    if (nanoTime - remeasureAt >= 0 || windowsAtLeast >= WINDOWS_AT_LEAST) {
      deferred = limit;
      limit = least;
      measuring = true;
      settled = false;
    }
  }

  private double mean(Counters now) {
    return (double) (now.nanos() - fromNanos) / (now.answers() - fromAnswers);
  }

  private void from(Counters now, long nanoTime) {
    begun = nanoTime;
    fromAnswers = now.answers();
    fromNanos = now.nanos();
    fromFailures = now.failures();
  }
}
