package io.steelyard.server.names;

import io.steelyard.model.Address;
import io.steelyard.model.Configuration;
import io.steelyard.model.EndpointSpec;
import io.steelyard.model.Pool;
import io.steelyard.net.names.Found;
import io.steelyard.net.names.NameResolver;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the endpoints of pools that have names among them: asks again and again, and tells when
 * others are found. Pools without names cost nothing, nor is a thread started where no pool has
 * one. Thread-safe; questions and answers are on the resolver's thread.
 */
public final class NameKeeper implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NameKeeper.class);

  private final @Nullable NameResolver resolver;
  private final List<NameResolver.Way> ways = new ArrayList<>();
  private final Map<String, NamedPool> pools = new LinkedHashMap<>();
  private volatile Consumer<String> listener = pool -> {};
  private volatile boolean closed;

  /**
   * The endpoints of a pool at one moment.
   *
   * @param endpoints those that names lead to among the others, none twice
   * @param missing why an endpoint that is a name leads nowhere
   */
  public record Members(List<EndpointSpec> endpoints, Map<Address, String> missing) {
    public Members {
      endpoints = List.copyOf(endpoints);
      missing = Map.copyOf(missing);
    }
  }

  /** One pool's entries in their order; what is no name stands for itself. */
  private static final class NamedPool {
    private final List<Object> entries = new ArrayList<>();

    NamedPool(Pool pool) {
      for (EndpointSpec entry : pool.endpoints()) {
        entries.add(isNamed(entry) ? new ResolvedName(entry, pool.resolution()) : entry);
      }
    }

    List<ResolvedName> names() {
      return entries.stream()
          .filter(ResolvedName.class::isInstance)
          .map(ResolvedName.class::cast)
          .toList();
    }

    synchronized Members members() {
      List<EndpointSpec> all = new ArrayList<>();
      Map<Address, String> missing = new HashMap<>();
      Set<Address> seen = new HashSet<>();
      for (Object entry : entries) {
        switch (entry) {
          case ResolvedName name -> {
            name.endpoints().stream().filter(e -> seen.add(e.address())).forEach(all::add);
            if (name.isMissing()) {
              missing.put(
                  name.endpoints().getFirst().address(),
                  "the name " + name.name() + " leads nowhere: " + name.failure());
            }
          }
          case EndpointSpec spec when seen.add(spec.address()) -> all.add(spec);
          default -> {}
        }
      }
      return new Members(all, missing);
    }
  }

  /** Begins to ask for the names of all pools. */
  public NameKeeper(Configuration configuration) {
    configuration
        .pools()
        .forEach((name, pool) -> {
          if (pool.endpoints().stream().anyMatch(NameKeeper::isNamed)) {
            pools.put(name, new NamedPool(pool));
          }
        });
    resolver = pools.isEmpty() ? null : new NameResolver();
    first = begin(configuration);
  }

  private final CompletableFuture<?> first;

  private CompletableFuture<?> begin(Configuration configuration) {
    NameResolver asker = resolver;
    List<CompletableFuture<?>> answers = new ArrayList<>();
    if (asker != null) {
      pools.forEach((name, pool) -> {
        Pool settings = configuration.pools().get(name);
        if (settings != null) {
          NameResolver.Way way = asker.way(settings.resolution());
          ways.add(way);
          pool.names().forEach(each -> answers.add(ask(asker, way, name, pool, each)));
        }
      });
    }
    return CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new));
  }

  private static boolean isNamed(EndpointSpec entry) {
    return entry.address().isName();
  }

  private CompletableFuture<?> ask(
      NameResolver asker,
      NameResolver.Way way,
      String poolName,
      NamedPool pool,
      ResolvedName name) {
    CompletableFuture<Found> answer =
        name.isService() ? way.service(name.name()) : way.addresses(name.name());
    return answer.handle((found, failure) -> {
      answered(poolName, pool, name, found, failure);
      askAgain(asker, way, poolName, pool, name);
      return name;
    });
  }

  private void askAgain(
      NameResolver asker,
      NameResolver.Way way,
      String poolName,
      NamedPool pool,
      ResolvedName name) {
    if (closed) {
      return;
    }
    try {
      asker
          .executor()
          .schedule(
              () -> ask(asker, way, poolName, pool, name), name.waitNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      // Closed in between.
    }
  }

  private void answered(
      String poolName,
      NamedPool pool,
      ResolvedName name,
      @Nullable Found found,
      @Nullable Throwable failure) {
    boolean changed;
    String before = name.failure();
    synchronized (pool) {
      changed = found != null ? name.found(found) : name.failed(reason(failure), System.nanoTime());
    }
    String after = name.failure();
    if (after != null && before == null) {
      LOG.warn("Pool {}: the name {} leads nowhere: {}", poolName, name.name(), after);
    } else if (after == null && before != null) {
      LOG.info("Pool {}: the name {} leads to {}", poolName, name.name(), name.endpoints().size());
    }
    if (changed) {
      listener.accept(poolName);
    }
  }

  private static String reason(@Nullable Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    String message = cause == null ? null : cause.getMessage();
    Throwable inner = cause == null ? null : cause.getCause();
    if (cause instanceof UnknownHostException && inner != null && inner.getMessage() != null) {
      return inner.getMessage();
    }
    return message == null ? String.valueOf(cause) : message;
  }

  /** Waits until every name has been answered once, but no longer than this. */
  public void awaitFirst(Duration atMost) throws InterruptedException {
    try {
      first.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      // They come when they come.
    } catch (ExecutionException e) {
      throw new IllegalStateException(e); // failures are answers
    }
  }

  /** From now on this one is told of pools whose endpoints have changed. */
  public void tell(Consumer<String> newListener) {
    listener = newListener;
  }

  /** The pools that have names. */
  public Set<String> pools() {
    return Set.copyOf(pools.keySet());
  }

  /** The endpoints of a pool now; null when it has no names. */
  public @Nullable Members members(String pool) {
    NamedPool named = pools.get(pool);
    return named == null ? null : named.members();
  }

  /** The configuration with the endpoints that names lead to now. */
  public Configuration resolved(Configuration configuration) {
    Map<String, Pool> resolved = new LinkedHashMap<>(configuration.pools());
    pools.forEach((name, pool) ->
        resolved.computeIfPresent(
            name, (key, settings) -> settings.withEndpoints(pool.members().endpoints())));
    return configuration.withPools(resolved);
  }

  /** Asks no more. */
  @Override
  public void close() {
    closed = true;
    listener = pool -> {};
    NameResolver asker = resolver;
    if (asker != null) {
      ways.forEach(NameResolver.Way::close);
      asker.close();
    }
  }
}
