package io.steelyard.health.probe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.steelyard.model.Address;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A TCP server whose every byte a test decides. */
final class Server implements AutoCloseable {
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

  /** What one connection gets; then it is closed. */
  @FunctionalInterface
  interface Service {
    void serve(InputStream in, OutputStream out) throws IOException, InterruptedException;
  }

  private final ServerSocket socket;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  private Server(ServerSocket socket) {
    this.socket = socket;
  }

  static Server start(Service service) throws IOException {
    return start(new ServerSocket(), service);
  }

  /** The same on a socket that may encrypt. */
  static Server start(ServerSocket socket, Service service) throws IOException {
    socket.bind(new InetSocketAddress(LOOPBACK, 0));
    var server = new Server(socket);
    server.threads.execute(() -> server.accept(service));
    return server;
  }

  /** Sends this at once, reads until the other side ends, and closes. */
  static Server saying(String text) throws IOException {
    return start((in, out) -> {
      out.write(text.getBytes(ISO_8859_1));
      in.readAllBytes();
    });
  }

  /** Reads a head (lines up to an empty one), then sends this and closes. */
  static Server answering(String text) throws IOException {
    return start((in, out) -> {
      readHead(in);
      out.write(text.getBytes(ISO_8859_1));
    });
  }

  /** Reads until the end and never answers. */
  static Server mute() throws IOException {
    return start((in, out) -> in.readAllBytes());
  }

  private void accept(Service service) {
    while (true) {
      try {
        var connection = socket.accept();
        threads.execute(() -> serve(connection, service));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private static void serve(Socket connection, Service service) {
    try (connection) {
      service.serve(
          new BufferedInputStream(connection.getInputStream()), connection.getOutputStream());
    } catch (IOException e) {
      // The probe has gone: it will tell what it thinks of that.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Reads lines up to and including an empty one. */
  static String readHead(InputStream in) throws IOException {
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int b = in.read();
      if (b < 0) {
        return head.toString();
      }
      head.append((char) b);
    }
    return head.toString();
  }

  Address address() {
    return new Address("127.0.0.1", socket.getLocalPort());
  }

  ProbeTarget target() {
    return ProbeTarget.of(address());
  }

  /** A target where nobody listens: no thread accepts, which would close the socket late. */
  static ProbeTarget nobody() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return ProbeTarget.of(new Address("127.0.0.1", socket.getLocalPort()));
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
    threads.shutdownNow();
  }
}
