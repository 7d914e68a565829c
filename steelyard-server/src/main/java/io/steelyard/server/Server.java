package io.steelyard.server;

import io.steelyard.balance.balancer.Balancers;
import io.steelyard.health.HealthKeeper;
import io.steelyard.model.Configuration;
import io.steelyard.model.EndpointSpec;
import io.steelyard.model.Listener;
import io.steelyard.model.Pool;
import io.steelyard.model.Protocol;
import io.steelyard.net.Transport;
import io.steelyard.net.TransportUnavailableException;
import io.steelyard.net.tls.CertificateReader;
import io.steelyard.proxy.ListenException;
import io.steelyard.proxy.PoolCare;
import io.steelyard.proxy.Proxy;
import io.steelyard.proxy.ProxyState;
import io.steelyard.proxy.log.AccessLog;
import io.steelyard.server.StartException.Part;
import io.steelyard.server.admin.AdminServer;
import io.steelyard.server.admin.AdminSources;
import io.steelyard.server.admin.WishControl;
import io.steelyard.server.names.NameKeeper;
import io.steelyard.server.packet.Carrier;
import io.steelyard.server.packet.CarrierException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running Steelyard. Several may run in one JVM. Thread-safe.
 *
 * <pre>
 *   start:     transport → access log → admin port → names → packet programs → first probes → listeners → packets → ready
 *   shut down: not ready → listeners → packets → names, probes → transport → access log → admin port
 * </pre>
 *
 * The admin port comes first and goes last: it tells how the rest comes and goes, and where it is
 * taken no client has been accepted yet.
 */
public final class Server implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Server.class);

  private static final Duration NAMES_LEEWAY = Duration.ofMillis(500);

  private final Duration patience;
  private final Transport transport;
  private final @Nullable AccessLog log;
  private final SelfReport self;
  private final AdminServer admin;
  private final NameKeeper names;
  private final HealthKeeper health;
  private final Proxy proxy;
  private final @Nullable Carrier carrier;
  private final AtomicBoolean stopping = new AtomicBoolean();
  private final CountDownLatch stopped = new CountDownLatch(1);

  private Server(
      Duration patience,
      Transport transport,
      @Nullable AccessLog log,
      SelfReport self,
      AdminServer admin,
      NameKeeper names,
      HealthKeeper health,
      Proxy proxy,
      @Nullable Carrier carrier) {
    this.patience = patience;
    this.transport = transport;
    this.log = log;
    this.self = self;
    this.admin = admin;
    this.names = names;
    this.health = health;
    this.proxy = proxy;
    this.carrier = carrier;
  }

  /**
   * Starts everything that the configuration asks for.
   *
   * @param configuration validated
   * @throws StartException when something cannot be had; nothing runs then
   */
  public static Server start(Configuration configuration, Balancers balancers)
      throws StartException {
    return start(configuration, balancers, new CertificateReader());
  }

  /** The same, with what is known of the certificates since they were checked. */
  static Server start(
      Configuration configuration, Balancers balancers, CertificateReader certificates)
      throws StartException {
    Started started = new Started();
    try {
      Server server = start(configuration, balancers, certificates, started);
      started.keep();
      return server;
    } finally {
      started.close();
    }
  }

  private static Server start(
      Configuration configuration,
      Balancers balancers,
      CertificateReader certificates,
      Started started)
      throws StartException {
    Transport transport = started.add(openTransport(configuration));
    AccessLog log = openLog(configuration, transport);
    if (log != null) {
      started.add(log);
    }
    ProxyState state = new ProxyState(transport.loops().size());
    HealthKeeper health = started.add(new HealthKeeper(System::nanoTime, new SplittableRandom()));
    SelfReport self = new SelfReport(configuration, transport, health, log);
    AdminServer admin = started.add(openAdmin(configuration, self, state, health));
    NameKeeper names = started.add(new NameKeeper(configuration));
    awaitNames(names, configuration);
    Configuration resolved = names.resolved(configuration);
    PoolCare care = new HealthCare(resolved, health, new NamedEndpoints(names, state, health));
    Carrier carrier = openCarrier(resolved, state, care);
    if (carrier != null) {
      started.add(carrier);
    }
    Proxy proxy =
        openProxy(proxied(resolved), transport, balancers, certificates, state, care, log);
    started.add(() -> proxy.shutdown(Duration.ZERO));
    if (carrier != null) {
      serve(carrier);
      self.carrying(carrier);
    }
    health.tell(pool -> changed(pool, proxy, carrier));
    // What has changed since the event loops asked.
    configuration.pools().keySet().forEach(pool -> changed(pool, proxy, carrier));
    self.ready(proxy.addresses(), proxy.tls());
    return new Server(
        configuration.shutdownTimeout(),
        transport,
        log,
        self,
        admin,
        names,
        health,
        proxy,
        carrier);
  }

  private static void changed(String pool, Proxy proxy, @Nullable Carrier carrier) {
    proxy.refresh(pool);
    if (carrier != null) {
      carrier.refresh(pool);
    }
  }

  private static @Nullable Carrier openCarrier(
      Configuration configuration, ProxyState state, PoolCare care) throws StartException {
    try {
      return Carrier.open(
          configuration, name -> state.pool(name).endpoints(endpoints(configuration, name)), care);
    } catch (CarrierException e) {
      throw new StartException(Part.PACKET, e);
    }
  }

  private static List<EndpointSpec> endpoints(Configuration configuration, String pool) {
    Pool settings = configuration.pools().get(pool);
    return settings == null ? List.of() : settings.endpoints();
  }

  private static void serve(Carrier carrier) throws StartException {
    try {
      carrier.serve();
    } catch (CarrierException e) {
      throw new StartException(Part.PACKET, e);
    }
  }

  /** The listeners that are not the kernel's. */
  private static Configuration proxied(Configuration configuration) {
    Map<String, Listener> listeners = new LinkedHashMap<>(configuration.listeners());
    listeners.values().removeIf(listener -> listener.protocol() == Protocol.PACKET);
    return configuration.withListeners(listeners);
  }

  /** Clients do not find pools empty because a name server needs a moment. */
  private static void awaitNames(NameKeeper names, Configuration configuration) {
    Duration longest =
        configuration.pools().values().stream()
            .map(pool -> pool.resolution().timeout())
            .max(Duration::compareTo)
            .orElse(Duration.ZERO);
    try {
      names.awaitFirst(longest.plus(NAMES_LEEWAY));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the start goes on; endpoints come as they are found
    }
  }

  private static Transport openTransport(Configuration configuration) throws StartException {
    try {
      return Transport.open(configuration.transport(), configuration.eventLoops());
    } catch (TransportUnavailableException e) {
      throw new StartException(Part.TRANSPORT, e);
    }
  }

  private static @Nullable AccessLog openLog(Configuration configuration, Transport transport)
      throws StartException {
    io.steelyard.model.AccessLog spec = configuration.accessLog();
    try {
      return spec == null ? null : AccessLog.open(spec, transport.loops().size());
    } catch (IOException e) {
      throw new StartException(Part.ACCESS_LOG, e);
    }
  }

  private static AdminServer openAdmin(
      Configuration configuration, SelfReport self, ProxyState state, HealthKeeper health)
      throws StartException {
    WishControl wishes =
        (pool, endpoint, wish) -> health.wish(pool, endpoint, wish, "the admin port") != null;
    try {
      return AdminServer.start(
          configuration.admin().address(),
          new AdminSources(self, self, state.stats(), wishes, self.packets()));
    } catch (IOException e) {
      throw new StartException(Part.ADMIN, e);
    }
  }

  private static Proxy openProxy(
      Configuration configuration,
      Transport transport,
      Balancers balancers,
      CertificateReader certificates,
      ProxyState state,
      PoolCare care,
      @Nullable AccessLog log)
      throws StartException {
    try {
      return Proxy.start(
          configuration,
          transport,
          balancers,
          certificates,
          state,
          care,
          log,
          new SplittableRandom());
    } catch (ListenException e) {
      throw new StartException(Part.LISTENER, e);
    }
  }

  /** Where each listener listens, as a configuration has it. */
  public Map<String, String> listening() {
    return proxy.listening();
  }

  /** The address of each listener that has one; the first of a range. */
  public Map<String, InetSocketAddress> addresses() {
    return proxy.addresses();
  }

  /** The address of the admin port. */
  public InetSocketAddress adminAddress() {
    return admin.address();
  }

  /** Goes on in new files where files were renamed: log rotation. */
  public void reopenLogs() {
    if (log == null) {
      return;
    }
    try {
      log.reopen();
      LOG.info("Access log: reopened");
    } catch (IOException e) {
      LOG.error("Access log: goes on in the old file: {}", e.getMessage());
    }
  }

  /**
   * Stops accepting, lets requests end within the shutdown timeout, and ends everything. Returns
   * when that is done.
   *
   * @return false when somebody else has begun to stop it
   */
  public boolean shutdown() {
    if (!stopping.compareAndSet(false, true)) {
      return false;
    }
    self.stopping();
    LOG.info("Stopping: {} connections open", proxy.openConnections());
    int cut = proxy.shutdown(patience);
    if (cut > 0) {
      LOG.warn("{} connections were still at work after {} and have been cut off", cut, patience);
    }
    if (carrier != null) {
      carrier.close();
    }
    names.close();
    health.close();
    transport.close();
    if (log != null) {
      log.close();
    }
    admin.close();
    LOG.info("Stopped");
    stopped.countDown();
    return true;
  }

  /** Waits until the server has been shut down. */
  public void awaitStop() throws InterruptedException {
    stopped.await();
  }

  /** The same for a time; false when it still runs after that. */
  public boolean awaitStop(Duration atMost) throws InterruptedException {
    return stopped.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void close() {
    shutdown();
  }
}
