package io.steelyard.bench.jmh;

import static java.util.Objects.requireNonNull;

import io.steelyard.balance.Balancer;
import io.steelyard.balance.Endpoint;
import io.steelyard.balance.Lease;
import io.steelyard.balance.Outcome;
import io.steelyard.balance.Pool;
import io.steelyard.balance.PoolState;
import io.steelyard.balance.Selection;
import io.steelyard.balance.balancer.Balancers;
import io.steelyard.model.Address;
import io.steelyard.model.BalancerSpec;
import io.steelyard.model.EndpointSpec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** One choice of an endpoint; the cost must not grow with their number. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class BalancerBenchmark {
  private static final int REQUESTS_IN_FLIGHT = 64;

  /** The balancer's name: all that the product has. */
  @Param({
    "cookie-hash",
    "destination-hash",
    "dynamic-feedback",
    "dynamic-ratio",
    "fastest",
    "header-hash",
    "jump-hash",
    "ketama",
    "key-hash",
    "lblc",
    "lblcr",
    "least-connections",
    "least-response-time",
    "maglev",
    "minimum-rtt",
    "modulo",
    "never-queue",
    "observed",
    "packet-loss",
    "parameter-hash",
    "predictive",
    "random",
    "range",
    "ratio",
    "rdp-cookie-hash",
    "rendezvous",
    "reported-load",
    "ring-hash",
    "round-robin",
    "share",
    "shortest-expected-delay",
    "source-hash",
    "static-round-robin",
    "two-choices",
    "uri-hash",
    "weighted-least-connections"
  })
  public String balancer = "round-robin";

  /** How many endpoints the pool has, weighted 1, 2 and 3 in turn. */
  @Param({"3", "100", "10000"})
  public int endpoints = 3;

  private final Selection selection = new FirstAttempt();
  private final ArrayDeque<Lease> open = new ArrayDeque<>(REQUESTS_IN_FLIGHT + 1);
  private @Nullable Balancer chooser;
  private @Nullable Pool pool;
  private List<Endpoint> all = List.of();
  private int flaps;

  /** Makes the pool, with requests in flight. */
  @Setup
  public void prepare() {
    List<EndpointSpec> specs = new ArrayList<>();
    for (int i = 0; i < endpoints; i++) {
      specs.add(EndpointSpec.of(new Address("10.0." + i / 250 + "." + i % 250, 80), 1 + i % 3));
    }
    all = new PoolState("bench").endpoints(specs);
    Balancer made = Balancers.standard().create(BalancerSpec.of(balancer), all);
    chooser = made;
    pool = new Pool("bench", all, made, () -> 0);
    for (int i = 0; i < REQUESTS_IN_FLIGHT; i++) {
      open.add(requireNonNull(pool.lease(selection)));
    }
  }

  /** The choice alone. */
  @Benchmark
  public @Nullable Endpoint select() {
    return requireNonNull(chooser).select(selection);
  }

  /** The oldest request ends, a new one begins: what a request costs in all. */
  @Benchmark
  public Lease lease() {
    open.remove().close(Outcome.SUCCESS, 1_000_000);
    Lease lease = requireNonNull(requireNonNull(pool).lease(selection));
    open.add(lease);
    return lease;
  }

  /**
   * A health flap: one endpoint goes, or comes back; the balancer that follows takes over and makes
   * its first choice.
   */
  @Benchmark
  @BenchmarkMode(Mode.AverageTime)
  @OutputTimeUnit(TimeUnit.MICROSECONDS)
  public @Nullable Endpoint rebuild() {
    flaps++;
    List<Endpoint> ready = flaps % 2 == 0 ? all : all.subList(1, all.size());
    Balancer next = Balancers.standard().create(BalancerSpec.of(balancer), ready);
    next.takeOver(requireNonNull(chooser));
    chooser = next;
    return next.select(selection);
  }

  private static final class FirstAttempt implements Selection {
    private final RandomGenerator random = new SplittableRandom(1);
    private final byte[] key = {'1', '2', '3', '4', '5', '6'};

    /** Another one for each choice: six digits, which are a number for those that want one. */
    @Override
    public byte[] key() {
      long bits = random.nextLong();
      for (int i = 0; i < key.length; i++) {
        key[i] = (byte) ('0' + (((bits & 0xff) * 10) >>> 8));
        bits >>>= 8;
      }
      return key;
    }

    @Override
    public int keyLength() {
      return key.length;
    }

    @Override
    public boolean accepts(Endpoint endpoint) {
      return true;
    }

    @Override
    public int attempt() {
      return 0;
    }

    @Override
    public RandomGenerator random() {
      return random;
    }

    @Override
    public long nanoTime() {
      return 0;
    }
  }
}
