package io.steelyard.proxy.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.steelyard.balance.Endpoint;
import io.steelyard.balance.EndpointState;
import io.steelyard.balance.balancer.Balancers;
import io.steelyard.balance.limit.Traffic;
import io.steelyard.model.Address;
import io.steelyard.model.Configuration;
import io.steelyard.model.EndpointSpec;
import io.steelyard.model.Listener;
import io.steelyard.model.Pool;
import io.steelyard.net.Transport;
import io.steelyard.net.tls.CertificateReader;
import io.steelyard.proxy.PoolCare;
import io.steelyard.proxy.Proxy;
import io.steelyard.proxy.ProxyState;
import io.steelyard.proxy.log.AccessLog;
import io.steelyard.proxy.stats.EndpointStats;
import io.steelyard.proxy.stats.ListenerStats;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A proxy in this process on ports that the kernel chose. Closing it is a test in itself: nothing
 * may be left open or leaked, and nothing may have been logged as a mistake.
 */
public final class TestProxy implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();

  private final LogWatch watch = new LogWatch();
  private final Configuration configuration;
  private final Transport transport;
  private final ProxyState state;
  private final Path logFile;
  private final AccessLog log;
  private final SomeReady care = new SomeReady();
  private final Proxy proxy;
  private boolean stopped;

  TestProxy(Configuration configuration, Balancers balancers) throws Exception {
    this(configuration, balancers, state -> {});
  }

  /** With something known of endpoints before anything starts. */
  TestProxy(Configuration configuration, Balancers balancers, Consumer<ProxyState> before)
      throws Exception {
    this.configuration = configuration;
    transport = Transport.open(configuration.transport(), configuration.eventLoops());
    int loops = transport.loops().size();
    state = new ProxyState(loops);
    before.accept(state);
    logFile = Files.createTempFile("steelyard-access", ".log");
    log =
        AccessLog.open(
            new io.steelyard.model.AccessLog(
                logFile.toString(), io.steelyard.model.AccessLog.Format.JSON),
            loops);
    proxy =
        Proxy.start(
            configuration,
            transport,
            balancers,
            new CertificateReader(),
            state,
            care,
            log,
            new SplittableRandom(1));
  }

  /** Where the listener of that name listens. */
  public int port(String listener) {
    return Objects.requireNonNull(proxy.addresses().get(listener), listener).getPort();
  }

  /** Where the only listener listens. */
  public InetSocketAddress address() {
    return proxy.addresses().values().iterator().next();
  }

  /** A client's connection to the only listener. */
  public Wire connect() throws IOException {
    return Wire.to(address().getPort());
  }

  /** The counters of the listener, summed over the loops. */
  public ListenerStats listener() {
    return state.stats().listener(Setup.LISTENER);
  }

  /** The counters of an endpoint, summed over the loops. */
  public EndpointStats endpoint(RawEndpoint endpoint) {
    return state.stats().pool(Setup.POOL).endpoint(endpoint.name());
  }

  /** The counters of the pool, summed over the loops. */
  public io.steelyard.proxy.stats.PoolStats pool() {
    return state.stats().pool(Setup.POOL);
  }

  /** What is known of an endpoint. */
  public EndpointState state(Address endpoint) {
    return state.pool(Setup.POOL).endpoint(endpoint);
  }

  /** From now on only these endpoints of the pool may be used, by index. */
  public void ready(Integer... endpoints) {
    care.ready = List.of(endpoints);
    proxy.refresh(Setup.POOL);
  }

  /** From now on the pool has these endpoints, all of which may be used. */
  public void members(Address... endpoints) {
    care.members =
        state.pool(Setup.POOL).endpoints(Stream.of(endpoints).map(EndpointSpec::of).toList());
    proxy.refresh(Setup.POOL);
  }

  /** Lets a test say who may be used. */
  private static final class SomeReady implements PoolCare {
    private volatile List<Integer> ready = List.of(-1);
    private volatile @Nullable List<Endpoint> members;

    @Override
    public void begin(Map<String, List<Endpoint>> pools) {}

    @Override
    public List<Endpoint> ready(String pool, List<Endpoint> all) {
      var wanted = ready;
      return wanted.contains(-1)
          ? all
          : all.stream().filter(endpoint -> wanted.contains(endpoint.index())).toList();
    }

    @Override
    public Members members(String pool, List<Endpoint> before) {
      var now = members;
      return now == null ? PoolCare.super.members(pool, before) : new Members(now, now);
    }
  }

  public Proxy proxy() {
    return proxy;
  }

  /** Bytes of direct memory that buffers and their pools hold now. */
  public long directMemory() {
    return transport.directMemory();
  }

  /** The access log's records when there are so many. */
  public List<JsonNode> log(int count) throws IOException {
    await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .atMost(Wire.PATIENCE)
        .untilAsserted(
            () -> assertThat(Files.readAllLines(logFile)).hasSizeGreaterThanOrEqualTo(count));
    return Files.readAllLines(logFile).stream().map(JSON::readTree).toList();
  }

  /** Waits until the proxy has no client connection. */
  public void awaitNoClients() {
    await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .atMost(Wire.PATIENCE)
        .untilAsserted(() -> {
          assertThat(listener().active.value()).as("client connections").isZero();
          assertThat(listener().idle.value()).as("idle client connections").isZero();
        });
  }

  /** Waits until no request is in flight. */
  public void awaitNothingInFlight() {
    awaitInFlight(0);
  }

  /** Waits until so many requests are in flight. */
  public void awaitInFlight(int requests) {
    await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .atMost(Wire.PATIENCE)
        .untilAsserted(() -> assertThat(inFlight()).as("requests in flight").isEqualTo(requests));
  }

  /** What the pool has in use, where it is limited. */
  public Traffic traffic() {
    return state.pool(Setup.POOL).traffic();
  }

  /** The leases that are open. */
  public int inFlight() {
    int sum = 0;
    for (var pool : configuration.pools().entrySet()) {
      for (var endpoint : pool.getValue().endpoints()) {
        sum += state.pool(pool.getKey()).endpoint(endpoint.address()).inFlight();
      }
    }
    return sum;
  }

  /** What was logged at warning or worse. */
  public List<String> complaints() {
    return watch.complaints();
  }

  /**
   * What happens while the first event loop is busy with something else, and sees it all at once.
   */
  public void whileBusy(Callable<?> action) throws Exception {
    CountDownLatch busy = new CountDownLatch(1);
    CompletableFuture<Void> done = new CompletableFuture<>();
    transport
        .loops()
        .getFirst()
        .execute(() -> {
          busy.countDown();
          done.join();
        });
    busy.await();
    try {
      action.call();
    } finally {
      done.complete(null);
    }
  }

  /** Stops as a process would; returns how many connections were cut off. */
  public int shutdown(Duration patience) {
    stopped = true;
    return proxy.shutdown(patience);
  }

  @Override
  public void close() throws IOException {
    if (!stopped) {
      shutdown(Duration.ZERO);
    }
    try {
      awaitNoClients();
      awaitNoEndpointConnections();
      awaitNothingInFlight();
    } finally {
      transport.close();
      log.close();
      Files.delete(logFile);
    }
    assertNoLeak();
    watch.close();
    assertThat(watch.complaints()).as("logged warnings and errors").isEmpty();
  }

  private void awaitNoEndpointConnections() {
    await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .atMost(Wire.PATIENCE)
        .untilAsserted(() ->
            state
                .stats()
                .pools()
                .forEach((name, pool) -> {
                  assertThat(pool.total().active.value()).as("endpoint connections").isZero();
                  assertThat(pool.total().idle.value()).as("idle endpoint connections").isZero();
                }));
  }

  /** The loops' threads have ended and given back what they cached: what is left has leaked. */
  private void assertNoLeak() {
    long buffers = transport.buffers();
    if (buffers != 0) {
      System.gc(); // the leak detector then reports where they were allocated
      try (Transport next = Transport.open(transport.kind(), 1)) {
        assertThat(next.buffers()).isZero();
      } catch (io.steelyard.net.TransportUnavailableException e) {
        throw new AssertionError(e);
      }
    }
    assertThat(buffers).as("leaked buffers: %s", watch.complaints()).isZero();
  }

  static Configuration configuration(Listener listener, Pool pool) {
    return Configuration.of(
        java.util.Map.of(Setup.LISTENER, listener), java.util.Map.of(Setup.POOL, pool));
  }
}
