package io.steelyard.balance.balancer;

import static java.util.Objects.requireNonNull;

import io.steelyard.balance.Balancer;
import io.steelyard.balance.Endpoint;
import io.steelyard.balance.FakeSelection;
import io.steelyard.balance.Lease;
import io.steelyard.balance.Outcome;
import io.steelyard.balance.Pool;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.IntToLongFunction;
import java.util.function.LongConsumer;

/**
 * A fixed number of clients, each with one request under way at a time, before endpoints that share
 * their processor fairly among the requests they have: virtual time, deterministic by seed.
 */
final class ClosedLoop {
  private final List<Endpoint> endpoints;
  private final Pool pool;
  private final FakeSelection selection;
  private final SplittableRandom random;
  private final List<List<Job>> jobs = new ArrayList<>();

  /** Done but for the delay, by when they end. */
  private final PriorityQueue<Job> delayed =
      new PriorityQueue<>(Comparator.comparingLong(job -> job.ends));

  /** What each request needs of a processor, in nanoseconds. */
  private IntToLongFunction work = request -> 10_000_000;

  /** What an endpoint adds to each request, apart from its processor. */
  private final long[] delay;

  /** How long an endpoint works on nothing from the start on. */
  private final long[] stall;

  /** How much of its processor an endpoint has for us. */
  private final double[] speed;

  /** Happens before each request. */
  private LongConsumer before = time -> {};

  private final int[] picks;
  private final List<Long> times = new ArrayList<>();
  private long now = 1;
  private int requests;

  ClosedLoop(List<Endpoint> endpoints, Balancer balancer, long seed) {
    this.endpoints = endpoints;
    this.pool = new Pool("p", endpoints, balancer, () -> now);
    this.selection = new FakeSelection(seed);
    this.random = new SplittableRandom(seed);
    this.delay = new long[endpoints.size()];
    this.stall = new long[endpoints.size()];
    this.speed = new double[endpoints.size()];
    Arrays.fill(speed, 1);
    this.picks = new int[endpoints.size()];
    endpoints.forEach(endpoint -> jobs.add(new ArrayList<>()));
  }

  /** Requests need one of these, drawn at random. */
  ClosedLoop workOf(long... nanos) {
    work = request -> nanos[random.nextInt(nanos.length)];
    return this;
  }

  ClosedLoop speed(int endpoint, double value) {
    speed[endpoint] = value;
    return this;
  }

  /** Something happens before each request; it is told the time. */
  void everyRequest(LongConsumer action) {
    before = action;
  }

  ClosedLoop stall(int endpoint, long nanos) {
    stall[endpoint] = nanos;
    return this;
  }

  ClosedLoop delay(int endpoint, long nanos) {
    delay[endpoint] = nanos;
    return this;
  }

  /** So many requests in all; how many each endpoint was given. */
  int[] run(int count, int clients) {
    requests = 0;
    Arrays.fill(picks, 0);
    times.clear();
    while (requests < count && requests < clients) {
      request();
    }
    while (open() > 0) {
      endNext();
      if (requests < count) {
        request();
      }
    }
    return picks.clone();
  }

  /** A time that such a share of the requests did not exceed. */
  long quantile(double share) {
    return times.stream().sorted().toList().get((int) (share * (times.size() - 1)));
  }

  private int open() {
    return delayed.size() + jobs.stream().mapToInt(List::size).sum();
  }

  private void request() {
    before.accept(now);
    selection.now(now);
    var lease = requireNonNull(pool.lease(selection));
    lease.connected(1_000_000);
    int endpoint = lease.endpoint().index();
    picks[endpoint]++;
    jobs.get(endpoint).add(new Job(lease, work.applyAsLong(requests), now));
    requests++;
  }

  /** Lets time pass until some request ends. */
  private void endNext() {
    while (true) {
      int where = soonest();
      long left = where < 0 ? Long.MAX_VALUE : left(where);
      var first = delayed.peek();
      if (first != null && first.ends - now <= left) {
        delayed.remove();
        pass(first.ends - now);
        end(first);
        return;
      }
      pass(left);
      jobs.get(where).sort(Comparator.comparingLong(job -> job.remaining));
      var job = jobs.get(where).removeFirst();
      if (delay[where] == 0) {
        end(job);
        return;
      }
      job.ends = now + delay[where];
      delayed.add(job);
    }
  }

  private int soonest() {
    int where = -1;
    for (int i = 0; i < endpoints.size(); i++) {
      if (!jobs.get(i).isEmpty() && (where < 0 || left(i) < left(where))) {
        where = i;
      }
    }
    return where;
  }

  private void end(Job job) {
    times.add(now - job.started);
    job.lease.close(Outcome.SUCCESS, now - job.started);
  }

  private long left(int endpoint) {
    var queue = jobs.get(endpoint);
    long least = queue.stream().mapToLong(job -> job.remaining).min().orElse(-1);
    return least < 0
        ? Long.MAX_VALUE
        : Math.max(stall[endpoint], 0) + (long) Math.ceil(least * queue.size() / speed[endpoint]);
  }

  private void pass(long nanos) {
    now += nanos;
    for (int i = 0; i < endpoints.size(); i++) {
      long active = Math.max(nanos - Math.max(stall[i], 0), 0);
      stall[i] -= nanos;
      var queue = jobs.get(i);
      for (var job : queue) {
        job.remaining -= (long) (active * speed[i] / queue.size());
      }
    }
  }

  private static final class Job {
    private final Lease lease;
    private final long started;
    private long remaining;
    private long ends;

    Job(Lease lease, long remaining, long started) {
      this.lease = lease;
      this.remaining = remaining;
      this.started = started;
    }
  }
}
