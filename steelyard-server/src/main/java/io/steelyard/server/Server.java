package io.steelyard.server;

import io.steelyard.balance.balancer.Balancers;
import io.steelyard.model.Configuration;
import io.steelyard.net.Transport;
import io.steelyard.net.TransportUnavailableException;
import io.steelyard.proxy.ListenException;
import io.steelyard.proxy.Proxy;
import io.steelyard.proxy.ProxyState;
import io.steelyard.proxy.log.AccessLog;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running Steelyard: a transport, the proxy on it, its access log and its admin port. Several
 * may run in one JVM. Thread-safe.
 */
public final class Server implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Server.class);

  private final Duration patience;
  private final Transport transport;
  private final Proxy proxy;
  private final @Nullable AccessLog log;
  private final AtomicBoolean stopping = new AtomicBoolean();
  private final CountDownLatch stopped = new CountDownLatch(1);

  private Server(Duration patience, Transport transport, Proxy proxy, @Nullable AccessLog log) {
    this.patience = patience;
    this.transport = transport;
    this.proxy = proxy;
    this.log = log;
  }

  /**
   * Starts everything that the configuration asks for.
   *
   * @param configuration validated
   * @throws StartException when something cannot be had; nothing runs then
   */
  public static Server start(Configuration configuration, Balancers balancers)
      throws StartException {
    Transport transport = openTransport(configuration);
    AccessLog log = null;
    try {
      log = openLog(configuration, transport);
      ProxyState state = new ProxyState(transport.loops().size());
      Proxy proxy =
          Proxy.start(configuration, transport, balancers, state, log, new SplittableRandom());
      return new Server(configuration.shutdownTimeout(), transport, proxy, log);
    } catch (ListenException | IOException e) {
      if (log != null) {
        log.close();
      }
      transport.close();
      throw new StartException(String.valueOf(e.getMessage()), e);
    }
  }

  private static Transport openTransport(Configuration configuration) throws StartException {
    try {
      return Transport.open(configuration.transport(), configuration.eventLoops());
    } catch (TransportUnavailableException e) {
      throw new StartException(String.valueOf(e.getMessage()), e);
    }
  }

  private static @Nullable AccessLog openLog(Configuration configuration, Transport transport)
      throws IOException {
    io.steelyard.model.AccessLog spec = configuration.accessLog();
    return spec == null ? null : AccessLog.open(spec, transport.loops().size());
  }

  /** The address of each listener. */
  public Map<String, InetSocketAddress> addresses() {
    return proxy.addresses();
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
    LOG.info("Stopping: {} connections open", proxy.openConnections());
    int cut = proxy.shutdown(patience);
    if (cut > 0) {
      LOG.warn("{} connections were still at work after {} and have been cut off", cut, patience);
    }
    transport.close();
    if (log != null) {
      log.close();
    }
    LOG.info("Stopped");
    stopped.countDown();
    return true;
  }

  /** Waits until the server has been shut down. */
  public void awaitStop() throws InterruptedException {
    stopped.await();
  }

  @Override
  public void close() {
    shutdown();
  }
}
