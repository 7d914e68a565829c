package io.steelyard.health;

import static java.util.Objects.requireNonNull;

import io.steelyard.balance.Endpoint;
import io.steelyard.balance.health.Event;
import io.steelyard.balance.health.Health;
import io.steelyard.balance.health.HealthEvent;
import io.steelyard.balance.health.MemberEvent;
import io.steelyard.balance.health.PoolEvent;
import io.steelyard.balance.health.WishEvent;
import io.steelyard.model.Address;
import io.steelyard.model.Pool;
import io.steelyard.model.Wish;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Keeps the health of pools: probes their endpoints, watches their traffic, hears what the
 * administrator wants, and tells when other endpoints may be used than before. Thread-safe.
 */
public final class HealthKeeper implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HealthKeeper.class);
  private static final int KEPT_EVENTS = 200;

  /** Is told that the endpoints that may be used have changed. */
  @FunctionalInterface
  public interface Listener {
    /** {@link #usable} has the new ones. Called by any thread; must not wait. */
    void changed(String pool);
  }

  private final LongSupplier clock;
  private final Prober prober;
  private final ScheduledExecutorService timer;
  private final Map<String, KeptPool> pools = new ConcurrentHashMap<>();
  private final ArrayDeque<LoggedEvent> events = new ArrayDeque<>();
  private volatile Listener listener = pool -> {};

  /**
   * @param clock nanoseconds from an arbitrary origin
   * @param random spreads the probes
   */
  public HealthKeeper(LongSupplier clock, RandomGenerator random) {
    this(clock, new Prober(random));
  }

  HealthKeeper(LongSupplier clock, Prober prober) {
    this.clock = requireNonNull(clock, "clock");
    this.prober = prober;
    this.timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("steelyard-health").factory());
  }

  /** From now on this one is told of changes. */
  public void tell(Listener newListener) {
    listener = requireNonNull(newListener, "newListener");
  }

  /** Keeps the health of a pool from now on. */
  public void keep(String name, Pool settings, List<Endpoint> endpoints) {
    var pool = new KeptPool(name, settings, endpoints, prober, timer, clock, this::happened);
    var before = pools.put(name, pool);
    if (before != null) {
      before.close();
    }
    pool.start(settings);
  }

  /**
   * The administrator wants something of an endpoint from now on, in whatever configuration.
   *
   * @param endpoint its name
   * @param why who says so, for people
   * @return what was wanted before; null when there is no such endpoint
   */
  public @Nullable Wish wish(String pool, String endpoint, Wish wish, String why) {
    var kept = pools.get(pool);
    return kept == null ? null : kept.wish(endpoint, wish, why);
  }

  private void happened(Event event) {
    log(event);
    synchronized (events) {
      if (events.size() == KEPT_EVENTS) {
        events.removeFirst();
      }
      events.addLast(new LoggedEvent(Instant.now(), event));
    }
    listener.changed(event.pool());
  }

  private static void log(Event event) {
    switch (event) {
      case HealthEvent e ->
          LOG.atLevel(e.to() == Health.DOWN ? Level.WARN : Level.INFO)
              .log(
                  "Endpoint {}/{} is {}, was {}: {}",
                  e.pool(),
                  e.endpoint(),
                  e.to(),
                  e.from(),
                  e.reason());
      case WishEvent e ->
          LOG.info(
              "Endpoint {}/{} is wanted {}, was {}: {}",
              e.pool(),
              e.endpoint(),
              e.to(),
              e.from(),
              e.reason());
      case MemberEvent e ->
          LOG.info(
              "Endpoint {}/{} {}: {}",
              e.pool(),
              e.endpoint(),
              e.present() ? "came" : "left",
              e.reason());
      case PoolEvent e ->
          LOG.atLevel(e.to() == Health.DOWN ? Level.WARN : Level.INFO)
              .log("Pool {} is {}, was {}: {}", e.pool(), e.to(), e.from(), e.reason());
    }
  }

  /**
   * Other endpoints are in a pool from now on; what is known of those that stay is kept.
   *
   * @param missing why endpoints, by their address, cannot be reached at all
   * @param why there are others, for people
   */
  public void replace(
      String pool, List<Endpoint> endpoints, Map<Address, String> missing, String why) {
    var kept = pools.get(pool);
    if (kept != null) {
      kept.replace(endpoints, missing, why);
      listener.changed(pool);
    }
  }

  /** Who is in a pool, and who of them may be used; null when the pool's health is not kept. */
  public @Nullable PoolMembers members(String pool) {
    var kept = pools.get(pool);
    return kept == null ? null : kept.members();
  }

  /** The endpoints of a pool that may be used now; null when the pool's health is not kept. */
  public @Nullable List<Endpoint> usable(String pool) {
    var kept = pools.get(pool);
    return kept == null ? null : kept.usable();
  }

  /** Waits until each endpoint has been probed once, but no longer than this. */
  public void awaitFirstProbes(Duration atMost) throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    for (var pool : pools.values()) {
      pool.awaitFirstProbes(deadline);
    }
  }

  /** What is known about a pool; null when its health is not kept. */
  public @Nullable PoolReport report(String pool) {
    var kept = pools.get(pool);
    return kept == null ? null : kept.report();
  }

  /** How many different probes run. */
  public int probes() {
    return prober.probes();
  }

  /** The last changes, the oldest first. */
  public List<LoggedEvent> events() {
    synchronized (events) {
      return List.copyOf(events);
    }
  }

  /** Stops probing and watching. */
  @Override
  public void close() {
    listener = pool -> {};
    prober.close();
    timer.shutdownNow();
  }
}
