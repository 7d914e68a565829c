package io.steelyard.server.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.steelyard.model.Address;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An HTTP server on a free port of 127.0.0.1 that tells its name and what it received. */
public final class SampleEndpoint implements AutoCloseable {
  /** The field of each answer that has the endpoint's name. */
  public static final String NAME_FIELD = "X-Endpoint";

  private static final int BACKLOG = 1024;

  private final String name;
  private final HttpServer server;
  private final ExecutorService executor;

  private SampleEndpoint(String name, HttpServer server, ExecutorService executor) {
    this.name = name;
    this.server = server;
    this.executor = executor;
  }

  /** Starts one. */
  public static SampleEndpoint start(String name) throws IOException {
    InetSocketAddress any = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
    HttpServer server = HttpServer.create(any, BACKLOG);
    ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    SampleEndpoint endpoint = new SampleEndpoint(name, server, executor);
    server.setExecutor(executor);
    server.createContext("/", endpoint::answer);
    server.start();
    return endpoint;
  }

  public String name() {
    return name;
  }

  public Address address() {
    return new Address("127.0.0.1", server.getAddress().getPort());
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] page = page(exchange).getBytes(UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
      exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
      exchange.getResponseHeaders().set(NAME_FIELD, name);
      if (exchange.getRequestMethod().equals("HEAD")) {
        exchange.sendResponseHeaders(200, -1);
      } else {
        exchange.sendResponseHeaders(200, page.length);
        exchange.getResponseBody().write(page);
      }
    }
  }

  private String page(HttpExchange exchange) {
    StringBuilder page = new StringBuilder(512);
    page.append("Endpoint ").append(name).append(" at ").append(address()).append(" answers.\n\n");
    page.append("It received:\n\n");
    page.append(exchange.getRequestMethod()).append(' ').append(exchange.getRequestURI());
    page.append(' ').append(exchange.getProtocol()).append('\n');
    exchange
        .getRequestHeaders()
        .forEach((field, values) ->
            values.forEach(value -> page.append(field).append(": ").append(value).append('\n')));
    return page.toString();
  }

  /** Stops at once. */
  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
  }
}
