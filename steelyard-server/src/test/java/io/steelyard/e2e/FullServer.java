package io.steelyard.e2e;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Serves until it is told to accept nobody any more. */
final class FullServer implements AutoCloseable {
  private static final int BACKLOG = 1;
  private static final int FILLERS = 8;
  private static final int PATIENCE_MILLIS = 100;

  private final ServerSocket server = new ServerSocket();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Thread thread;
  private volatile boolean full;

  FullServer() throws IOException {
    server.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), BACKLOG);
    thread = Thread.ofVirtual().start(this::accept);
  }

  InetSocketAddress address() {
    return (InetSocketAddress) server.getLocalSocketAddress();
  }

  private void accept() {
    while (!full) {
      try {
        Socket socket = server.accept();
        open.add(socket);
        Thread.startVirtualThread(() -> serve(socket));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private static void serve(Socket socket) {
    try (socket) {
      while (!RawServer.readHead(socket.getInputStream()).isEmpty()) {
        RawServer.write(socket.getOutputStream(), "HTTP/1.1 200 OK\nContent-Length: 2\n\nok");
      }
    } catch (IOException e) {
      // The other side has gone.
    }
  }

  /** Ends its connections and fills the queue of those to come. */
  void stopAccepting(List<Socket> fillers) throws IOException, InterruptedException {
    full = true;
    new Socket(server.getInetAddress(), server.getLocalPort()).close(); // wakes it up
    thread.join();
    for (Socket socket : open) {
      socket.close();
    }
    for (int i = 0; i < FILLERS; i++) {
      Socket filler = new Socket();
      fillers.add(filler);
      try {
        filler.connect(address(), PATIENCE_MILLIS);
      } catch (IOException e) {
        return; // full
      }
    }
  }

  @Override
  public void close() throws IOException {
    for (Socket socket : open) {
      socket.close();
    }
    server.close();
  }
}
