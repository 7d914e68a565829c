package io.steelyard.packet.lab;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.steelyard.packet.Decapsulator;
import io.steelyard.packet.bpf.XdpMode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

/**
 * A server of a lab: answers HTTP on ports 80 and 8080 of all its addresses with its name and whom
 * it sees, takes packets out of tunnels. Thread-safe.
 */
public final class LabEndpoint implements AutoCloseable {
  private final String name;
  private final Decapsulator decapsulator;
  private final HttpServer direct;
  private final HttpServer mapped;

  private LabEndpoint(String name) throws IOException {
    this.name = name;
    this.decapsulator = Decapsulator.open("eth0", XdpMode.NATIVE);
    decapsulator.accept(InetAddress.getByName("10.20.0.192"), 28);
    decapsulator.accept(InetAddress.getByName("fd20::c:0"), 112);
    this.direct = serve(80);
    this.mapped = serve(8080);
  }

  /** Begins to serve in a namespace of a lab. */
  public static LabEndpoint start(LabNetwork network, String name) {
    return network.namespace(name).call(() -> new LabEndpoint(name));
  }

  private HttpServer serve(int port) throws IOException {
    var server = HttpServer.create(new InetSocketAddress(port), 256);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
    return server;
  }

  private void answer(HttpExchange exchange) throws IOException {
    var client = exchange.getRemoteAddress().getAddress().getHostAddress();
    byte[] text = (name + " sees " + client + "\n").getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, text.length);
    exchange.getResponseBody().write(text);
    exchange.close();
  }

  @Override
  public void close() {
    direct.stop(0);
    mapped.stop(0);
    decapsulator.close();
  }
}
