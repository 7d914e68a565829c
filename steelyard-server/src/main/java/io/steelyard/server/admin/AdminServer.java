package io.steelyard.server.admin;

import static java.util.Objects.requireNonNull;

import com.sun.net.httpserver.HttpServer;
import io.steelyard.model.Address;
import io.steelyard.net.BindReason;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Serves the admin address: the JDK's HTTP server with a virtual thread per request. It is meant
 * for a few scrapers, probes and people, and for their mistakes: connections, the time for a
 * request and for its answer, and how many answers are made at once are bounded.
 */
public final class AdminServer implements AutoCloseable {
  /**
   * The JDK reads these once per process, so they bound all of its HTTP servers together; what the
   * command line sets wins. Times are in seconds. Without nodelay an answer waits for the client's
   * delayed acknowledgement.
   */
  private static final Map<String, String> BOUNDS =
      Map.of(
          "jdk.httpserver.maxConnections", "256",
          "sun.net.httpserver.maxReqTime", "10",
          "sun.net.httpserver.maxRspTime", "30",
          "sun.net.httpserver.nodelay", "true");

  private static final int BACKLOG = 128;

  private final HttpServer server;
  private final ExecutorService executor;

  private AdminServer(HttpServer server, ExecutorService executor) {
    this.server = server;
    this.executor = executor;
  }

  /**
   * Binds the address and serves.
   *
   * @param address port 0 lets the system choose; see {@link #address}
   * @throws IOException when the address cannot be bound; the message names it and the reason
   */
  public static AdminServer start(Address address, AdminSources sources) throws IOException {
    requireNonNull(sources, "sources");
    HttpServer server = bind(address);
    ExecutorService executor =
        Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("steelyard-admin-", 0).factory());
    server.setExecutor(executor);
    server.createContext(
        "/",
        new AdminHandler(
            AdminPages.routes(sources, InstantSource.system()),
            new WishPage(sources),
            new TracePage(sources.packet())));
    server.start();
    return new AdminServer(server, executor);
  }

  private static HttpServer bind(Address address) throws IOException {
    BOUNDS.forEach((name, value) -> {
      if (System.getProperty(name) == null) {
        System.setProperty(name, value);
      }
    });
    try {
      return HttpServer.create(resolve(address), BACKLOG);
    } catch (IOException e) {
      throw new IOException("admin: cannot listen on " + address + ": " + BindReason.of(e), e);
    }
  }

  private static InetSocketAddress resolve(Address address) throws IOException {
    if (address.host().isEmpty()) {
      return new InetSocketAddress(address.port());
    }
    InetSocketAddress resolved = new InetSocketAddress(address.host(), address.port());
    if (resolved.isUnresolved()) {
      throw new IOException("no address is known for the name " + address.host());
    }
    return resolved;
  }

  /** The address that is bound, with its real port. */
  public InetSocketAddress address() {
    return server.getAddress();
  }

  /** Stops at once: answers on their way are cut. */
  @Override
  public void close() {
    server.stop(0);
    executor.shutdown();
  }
}
