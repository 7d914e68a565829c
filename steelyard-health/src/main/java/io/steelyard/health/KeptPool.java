package io.steelyard.health;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.steelyard.balance.Endpoint;
import io.steelyard.balance.EndpointState;
import io.steelyard.balance.health.Event;
import io.steelyard.balance.health.Health;
import io.steelyard.balance.health.HealthEvent;
import io.steelyard.balance.health.MemberEvent;
import io.steelyard.balance.health.PassiveRules;
import io.steelyard.balance.health.PoolEvent;
import io.steelyard.balance.health.PoolHealth;
import io.steelyard.balance.health.ProbeResult;
import io.steelyard.balance.health.ProbeRules;
import io.steelyard.balance.health.Traffic;
import io.steelyard.balance.health.WishEvent;
import io.steelyard.health.probe.ProbeTarget;
import io.steelyard.model.Address;
import io.steelyard.model.HealthSpec;
import io.steelyard.model.PassiveHealthSpec;
import io.steelyard.model.Pool;
import io.steelyard.model.Wish;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** One pool under care: brings results, traffic and time to its {@link PoolHealth}. Thread-safe. */
final class KeptPool implements AutoCloseable {
  private final PoolHealth health;
  private final LongSupplier clock;
  private final @Nullable HealthSpec probes;
  private final Consumer<Event> events;
  private final ScheduledExecutorService timer;
  private final Prober prober;
  private final List<Runnable> undo = new ArrayList<>();
  private final List<Event> fresh = new ArrayList<>();
  private final ConcurrentLinkedQueue<Event> happened = new ConcurrentLinkedQueue<>();
  private List<Endpoint> endpoints;
  private @Nullable List<Endpoint> usable;
  private @Nullable ScheduledFuture<?> tick;

  /**
   * How the probing of each endpoint is ended. Has a lock of its own, before all others: the prober
   * asks for this pool's while it holds its own.
   */
  private final IdentityHashMap<EndpointState, Runnable> probing = new IdentityHashMap<>();

  private final @Nullable PassiveHealthSpec passive;

  KeptPool(
      String name,
      Pool settings,
      List<Endpoint> endpoints,
      Prober prober,
      ScheduledExecutorService timer,
      LongSupplier clock,
      Consumer<Event> events) {
    this.prober = prober;
    this.timer = timer;
    this.clock = clock;
    this.events = events;
    this.probes = settings.health();
    this.passive = settings.passiveHealth();
    this.endpoints = List.copyOf(endpoints);
    this.health =
        new PoolHealth(
            name,
            endpoints,
            rules(settings.health()),
            rules(settings.passiveHealth()),
            settings.panicThreshold(),
            settings.quorum(),
            fresh::add,
            clock.getAsLong());
  }

  private static @Nullable ProbeRules rules(@Nullable HealthSpec spec) {
    if (spec == null) {
      return null;
    }
    long interval = spec.interval().toNanos();
    var fast = spec.fastInterval();
    return new ProbeRules(
        spec.rise(), spec.fall(), interval, fast == null ? interval : fast.toNanos());
  }

  private static @Nullable PassiveRules rules(@Nullable PassiveHealthSpec spec) {
    return spec == null
        ? null
        : new PassiveRules(
            spec.consecutiveErrors(),
            spec.errorRate(),
            spec.slowFactor(),
            spec.slowMargin().toNanos(),
            spec.leastRequests(),
            spec.window().toNanos(),
            spec.ejectionTime().toNanos(),
            spec.longestEjection().toNanos(),
            spec.mostEjected());
  }

  /** Begins to care. */
  void start(Pool settings) {
    synchronized (probing) {
      endpoints.forEach(this::begin);
    }
    if (passive != null && (passive.errorRate() > 0 || passive.slowFactor() > 0)) {
      long millis = passive.window().toMillis();
      var windows = timer.scheduleAtFixedRate(this::window, millis, millis, MILLISECONDS);
      undo.add(() -> windows.cancel(false));
    }
  }

  private void begin(Endpoint endpoint) {
    if (endpoint.wish() != Wish.DISABLED && !endpoint.address().isName()) {
      probe(endpoint);
    }
    watch(endpoint);
  }

  /**
   * Other endpoints are in the pool from now on.
   *
   * @param missing why endpoints, by their address, cannot be reached at all
   */
  void replace(List<Endpoint> next, Map<Address, String> missing, String why) {
    synchronized (probing) {
      var before = endpoints;
      Set<EndpointState> stay = Collections.newSetFromMap(new IdentityHashMap<>());
      next.forEach(endpoint -> stay.add(endpoint.state()));
      before.forEach(endpoint -> {
        if (!stay.contains(endpoint.state())) {
          stopProbing(endpoint.state());
        }
      });
      act(now -> {
        endpoints = List.copyOf(next);
        usable = null;
        health.replace(next, missing, why, now);
      });
      before.forEach(endpoint -> stay.remove(endpoint.state()));
      next.stream().filter(endpoint -> stay.contains(endpoint.state())).forEach(this::begin);
    }
  }

  private void probe(Endpoint endpoint) {
    var spec = probes;
    if (spec == null) {
      return;
    }
    var own = endpoint.address();
    var host = spec.host() == null ? own.host() : spec.host();
    var address = new Address(host, spec.port() == 0 ? own.port() : spec.port());
    var key =
        new Prober.Key(
            spec.probes().getFirst(),
            new ProbeTarget(
                address, spec.host() == null ? endpoint.host() : host, spec.sourceAddress()),
            spec.timeout());
    var subscriber = new EndpointSubscriber(endpoint.state());
    prober.probe(key, subscriber);
    probing.put(endpoint.state(), () -> prober.stop(key, subscriber));
  }

  private void stopProbing(EndpointState state) {
    var stop = probing.remove(state);
    if (stop != null) {
      stop.run();
    }
  }

  /** What was wanted before; null when there is no such endpoint. */
  @Nullable Wish wish(String name, Wish wish, String why) {
    synchronized (probing) {
      for (var endpoint : endpoints) {
        if (endpoint.name().equals(name)) {
          return wish(endpoint, wish, why);
        }
      }
      return null;
    }
  }

  private Wish wish(Endpoint endpoint, Wish wish, String why) {
    var before = endpoint.wish();
    endpoint.state().wish(wish);
    if (wish == Wish.DISABLED) {
      stopProbing(endpoint.state());
    }
    act(now -> health.wish(endpoint.index(), wish, why, now));
    if (before == Wish.DISABLED && wish != Wish.DISABLED && !endpoint.address().isName()) {
      probe(endpoint);
    }
    return before;
  }

  private final class EndpointSubscriber implements Subscriber {
    private final EndpointState state;
    private int index;

    EndpointSubscriber(EndpointState state) {
      this.state = state;
    }

    /** Where the endpoint is now; -1 when it has gone. Under the pool's lock. */
    private int index() {
      if (index >= endpoints.size() || endpoints.get(index).state() != state) {
        index = health.indexOf(state);
      }
      return index;
    }

    @Override
    public void probed(ProbeResult result) {
      act(now -> {
        if (index() >= 0) {
          health.probed(index, result, now);
        }
      });
    }

    @Override
    public long intervalNanos() {
      synchronized (KeptPool.this) {
        return index() < 0 ? Long.MAX_VALUE / 4 : health.probeIntervalNanos(index);
      }
    }
  }

  private void watch(Endpoint endpoint) {
    if (passive != null && passive.consecutiveErrors() > 0) {
      var state = endpoint.state();
      state.watchErrors(passive.consecutiveErrors(), errors -> later(() -> erring(state, errors)));
    }
  }

  /** Off the event loop. */
  private void later(Runnable action) {
    try {
      timer.execute(action);
    } catch (RejectedExecutionException e) {
      // Closed: nobody wants to know any more.
    }
  }

  private void erring(EndpointState state, int errors) {
    act(now -> {
      int index = health.indexOf(state);
      if (index >= 0) {
        health.erring(index, errors, now);
      }
    });
  }

  private void window() {
    act(now ->
        health.window(
            endpoints.stream().map(endpoint -> Traffic.of(endpoint.state())).toList(), now));
  }

  private void tick() {
    act(health::tick);
  }

  private void act(LongConsumer action) {
    synchronized (this) {
      long now = clock.getAsLong();
      action.accept(now);
      if (fresh.isEmpty()) {
        return;
      }
      usable = null;
      fresh.forEach(event -> slowStart(event, now));
      notifyAll();
      happened.addAll(fresh);
      fresh.clear();
      scheduleTick(now);
    }
    deliver();
  }

  private void slowStart(Event event, long now) {
    switch (event) {
      case HealthEvent change when change.to() == Health.UP -> cameUp(change.endpoint(), now);
      case WishEvent change when change.to() == Wish.READY -> cameUp(change.endpoint(), now);
      case MemberEvent change when change.present() -> cameUp(change.endpoint(), now);
      case HealthEvent _, WishEvent _, MemberEvent _, PoolEvent _ -> {}
    }
  }

  private void cameUp(String name, long now) {
    endpoints.stream()
        .filter(endpoint -> endpoint.name().equals(name))
        .forEach(endpoint -> endpoint.state().cameUp(now));
  }

  /**
   * Tells what has happened, in its order. Not under the lock of the rest, which event loops take:
   * a log that is slow must not hold them.
   */
  private void deliver() {
    synchronized (happened) {
      for (var event = happened.poll(); event != null; event = happened.poll()) {
        events.accept(event);
      }
    }
  }

  private void scheduleTick(long now) {
    var before = tick;
    if (before != null) {
      before.cancel(false);
      tick = null;
    }
    long wait = health.nanosToTick(now);
    if (wait < Long.MAX_VALUE && !timer.isShutdown()) {
      tick = timer.schedule(this::tick, wait, TimeUnit.NANOSECONDS);
    }
  }

  /** All endpoints, and those of them that may be used now. */
  synchronized PoolMembers members() {
    return new PoolMembers(endpoints, usable());
  }

  /** The endpoints that may be used now. */
  synchronized List<Endpoint> usable() {
    var known = usable;
    if (known == null) {
      known = health.usable();
      usable = known;
    }
    return known;
  }

  /** Waits until each endpoint has been probed once; not longer than until then. */
  synchronized void awaitFirstProbes(long deadline) throws InterruptedException {
    for (long left = deadline - System.nanoTime();
        health.starting() > 0 && left > 0;
        left = deadline - System.nanoTime()) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
  }

  synchronized PoolReport report() {
    long now = clock.getAsLong();
    return new PoolReport(
        health.health(),
        health.changes(),
        health.isPanicking(),
        usable().size(),
        health.ejected(),
        health.availability(now),
        now,
        endpoints.stream().map(endpoint -> health.report(endpoint.index(), now)).toList());
  }

  @Override
  public void close() {
    synchronized (probing) {
      List.copyOf(probing.keySet()).forEach(this::stopProbing);
    }
    undo.forEach(Runnable::run);
  }
}
