package io.steelyard.e2e;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server whose every byte the test decides; a thread for each connection. */
final class RawServer implements AutoCloseable {
  /** Many may come at the same time; the kernel has it no higher. */
  private static final int BACKLOG = 4096;

  private final ServerSocket server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /** What one connection gets. */
  @FunctionalInterface
  interface Service {
    /** Serves until it returns or throws; then the connection is closed. */
    void serve(InputStream in, OutputStream out) throws IOException, InterruptedException;
  }

  private RawServer(ServerSocket server) {
    this.server = server;
  }

  static RawServer start(Service service) throws IOException {
    return start("127.0.0.1", 0, service);
  }

  /** The same at an address of the loopback network, 127.0.0.0/8, and a port. */
  static RawServer start(String address, int port, Service service) throws IOException {
    ServerSocket server = new ServerSocket();
    server.bind(new InetSocketAddress(InetAddress.ofLiteral(address), port), BACKLOG);
    RawServer raw = new RawServer(server);
    raw.threads.submit(() -> raw.accept(service));
    return raw;
  }

  private void accept(Service service) {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        threads.submit(() -> serve(socket, service));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private static void serve(Socket socket, Service service) {
    try (socket) {
      service.serve(new BufferedInputStream(socket.getInputStream()), socket.getOutputStream());
    } catch (IOException e) {
      // The other side is gone: the test will tell.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  InetSocketAddress address() {
    return (InetSocketAddress) server.getLocalSocketAddress();
  }

  /** Reads a head, its empty line included; empty at the end of the stream. */
  static String readHead(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int b = in.read();
      if (b < 0) {
        return "";
      }
      head.append((char) b);
    }
    return head.toString();
  }

  /** Writes a text, each {@code \n} as CRLF. */
  static void write(OutputStream out, String text) throws IOException {
    out.write(text.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.shutdownNow();
  }
}
