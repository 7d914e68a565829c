package io.steelyard.balance;

import io.steelyard.model.Wish;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an endpoint while it serves: how much it has in flight and how it fared. Shared
 * by all event loops and by every snapshot that names the endpoint, so that a new configuration
 * forgets nothing ({@link PoolState}).
 *
 * <p>Thread-safe. Each counter is exact; two counters read one after the other may differ by what
 * happened in between. Only a {@link Lease} changes them, but for {@link #idle}; {@link #cameUp} is
 * told by whoever watches health.
 *
 * <p>Times and reports of load are kept for balancers that look at them, and cost others nothing.
 */
public final class EndpointState {
  /**
   * Longs on either side of the counters, 128 bytes: two endpoints never share a cache line, nor
   * the pair of lines that Intel's prefetcher fetches together. The counters of one endpoint do
   * share lines: whoever changes one of them changes the others, too.
   */
  private static final int PADDING = 16;

  private static final int IN_FLIGHT = PADDING;
  private static final int PICKS = IN_FLIGHT + 1;
  private static final int NANOS = PICKS + 1;
  private static final int IDLE = NANOS + 1;
  private static final int ERRORS_IN_ROW = IDLE + 1;
  private static final int OUTCOMES = ERRORS_IN_ROW + 1;
  private static final int LENGTH = OUTCOMES + Outcome.values().length + PADDING;

  private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);

  /** Apart from this object, whose own line thus stays in the caches of those who only read it. */
  private final long[] cells = new long[LENGTH];

  private static final VarHandle RESPONSE_TIME = field("responseTime", TimeAverage.class);
  private static final VarHandle ADJUSTMENT = field("adjustment", Adjustment.class);
  private static final VarHandle CONNECT_TIME = field("connectTime", TimeAverage.class);

  /** Made when somebody asks for it first. */
  private volatile @Nullable TimeAverage responseTime;

  private volatile @Nullable TimeAverage connectTime;
  private volatile @Nullable LoadReport report;
  private volatile @Nullable Adjustment adjustment;
  private volatile @Nullable Watch watch;
  private volatile @Nullable Wish wished;
  private volatile long upSince;
  private volatile boolean hasComeUp;

  EndpointState() {}

  private static VarHandle field(String name, Class<?> type) {
    try {
      return MethodHandles.lookup().findVarHandle(EndpointState.class, name, type);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /**
   * How long the endpoint takes, as its pool's balancers measure it: only those that choose by it
   * do, and each has its own memory.
   */
  public TimeAverage responseTime() {
    var known = responseTime;
    return known == null ? make(RESPONSE_TIME) : known;
  }

  /** How long it takes to connect to the endpoint, about one round trip; as above. */
  public TimeAverage connectTime() {
    var known = connectTime;
    return known == null ? make(CONNECT_TIME) : known;
  }

  /** What the endpoint said last of its load; null when it never did. */
  public @Nullable LoadReport report() {
    return report;
  }

  /** The endpoint said something of its load. Whoever hears it says so, on any thread. */
  public void report(LoadReport heard) {
    report = heard;
  }

  /** What a balancer made of its reports last; null when none did. */
  public @Nullable Adjustment adjustment() {
    return adjustment;
  }

  /**
   * A balancer makes something of its reports, unless one on another event loop did so since.
   *
   * @param previous what it went on from
   */
  public void adjust(@Nullable Adjustment previous, Adjustment next) {
    ADJUSTMENT.compareAndSet(this, previous, next);
  }

  private TimeAverage make(VarHandle field) {
    var made = new TimeAverage();
    var other = (TimeAverage) field.compareAndExchange(this, null, made);
    return other == null ? made : other;
  }

  /**
   * It serves again after it was down, or for the first time after others did: it may have a slow
   * start. Balancers that are made from now on know.
   *
   * @param nanos when, on the event loops' clock
   */
  public void cameUp(long nanos) {
    upSince = nanos;
    hasComeUp = true;
  }

  /** Whether it has come up since it became known. */
  public boolean hasComeUp() {
    return hasComeUp;
  }

  /** When it {@linkplain #cameUp came up} last, in nanoseconds of the event loops' clock. */
  public long upSince() {
    return upSince;
  }

  /** What the administrator said last; null when nothing was said since it became known. */
  public @Nullable Wish wished() {
    return wished;
  }

  /** The administrator says what is wanted of it. Whoever watches health has to be told, too. */
  public void wish(Wish wish) {
    wished = wish;
  }

  /** Is told when the errors in a row are a multiple of a limit. */
  @FunctionalInterface
  public interface ErrorWatch {
    /**
     * So many requests in a row have failed. Called by the event loop whose lease it was: must
     * neither wait nor throw.
     */
    void erring(int errors);
  }

  private record Watch(int limit, ErrorWatch watcher) {}

  /** Leases open now, over all event loops. Never negative. */
  public int inFlight() {
    return (int) read(IN_FLIGHT);
  }

  /** Leases opened since the endpoint became known. */
  public long picks() {
    return read(PICKS);
  }

  /** Leases closed with this outcome since the endpoint became known. */
  public long outcomes(Outcome outcome) {
    return read(cell(outcome));
  }

  /**
   * The sum of the times, in nanoseconds, of all leases whose outcome {@linkplain
   * Outcome#concernsEndpoint concerns the endpoint}. Divided by their number it is the mean.
   */
  public long nanos() {
    return read(NANOS);
  }

  /**
   * Connections to the endpoint that are kept for reuse and have nothing in flight, over all event
   * loops: what LVS calls inactive.
   */
  public int idle() {
    return (int) read(IDLE);
  }

  /** A connection to the endpoint became idle. */
  public void idleAdded() {
    add(IDLE, 1);
  }

  /** A connection that was idle was closed or taken into use. */
  public void idleRemoved() {
    add(IDLE, -1);
  }

  /** Errors since the last success, over all event loops. */
  public int errorsInRow() {
    return (int) read(ERRORS_IN_ROW);
  }

  /** Counts the errors in a row from 0 again. */
  public void forgetErrors() {
    CELL.setOpaque(cells, ERRORS_IN_ROW, 0L);
  }

  /**
   * Lets somebody know each time that so many errors more have come in a row. There is one watcher;
   * this one takes the place of the last.
   *
   * @param limit 1 or more
   */
  public void watchErrors(int limit, ErrorWatch watcher) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit is " + limit + ", expected 1 or more");
    }
    watch = new Watch(limit, watcher);
  }

  void opened() {
    add(IN_FLIGHT, 1);
    add(PICKS, 1);
  }

  /** As {@link #opened} unless so many are open already, whatever other event loops do. */
  boolean openedBelow(int limit) {
    for (long open = read(IN_FLIGHT); open < limit; open = read(IN_FLIGHT)) {
      if (CELL.compareAndSet(cells, IN_FLIGHT, open, open + 1)) {
        add(PICKS, 1);
        return true;
      }
    }
    return false;
  }

  void closed(Outcome outcome, long nanos) {
    add(IN_FLIGHT, -1);
    add(cell(outcome), 1);
    if (outcome.concernsEndpoint()) {
      add(NANOS, nanos);
      countErrors(outcome);
    }
  }

  private void countErrors(Outcome outcome) {
    if (!outcome.isError()) {
      if (read(ERRORS_IN_ROW) != 0) { // a write to a shared line only when it is needed
        forgetErrors();
      }
      return;
    }
    long errors = (long) CELL.getAndAdd(cells, ERRORS_IN_ROW, 1L) + 1;
    var watching = watch;
    if (watching != null && errors % watching.limit == 0) {
      watching.watcher.erring((int) errors);
    }
  }

  @SuppressWarnings("EnumOrdinal") // nothing outside this object sees the order
  private static int cell(Outcome outcome) {
    return OUTCOMES + outcome.ordinal();
  }

  private long read(int cell) {
    return (long) CELL.getOpaque(cells, cell);
  }

  private void add(int cell, long amount) {
    CELL.getAndAdd(cells, cell, amount);
  }
}
