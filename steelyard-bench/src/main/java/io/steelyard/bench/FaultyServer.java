package io.steelyard.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * An endpoint that fails as it is told to: a process of its own, {@code FaultyServer PORT
 * CONTROL-PORT}. A line on the control port names a {@link Fault}, or {@code well}; its answer is
 * the time at which the last request came, in milliseconds since 1970. Probes, which ask for {@code
 * /healthz}, fail like requests and are not counted.
 */
final class FaultyServer {
  /** Small, so that it is soon full. */
  private static final int BACKLOG = 4;

  private static final long SLOW_NANOS = 200_000_000;
  private static final String WELL = "well";
  private static final byte[] ANSWER = bytes("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine");
  private static final byte[] ERROR =
      bytes("HTTP/1.1 500 Internal Server Error\r\nContent-Length: 4\r\n\r\noops");
  private static final byte[] GARBAGE = bytes("\u0001\u0002 nothing that anybody knows\r\n\r\n");
  private static final byte[] HALF = bytes("HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\nfin");

  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile String mode = WELL;
  private volatile long lastRequestMillis;

  private FaultyServer() {}

  private static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }

  /** Serves until it is killed. */
  public static void main(String[] ports) throws IOException {
    var server = new FaultyServer();
    ServerSocket control = listen(Integer.parseInt(ports[1]), 50);
    Thread.ofPlatform().daemon().start(() -> server.control(control));
    server.serve(listen(Integer.parseInt(ports[0]), BACKLOG));
  }

  private static ServerSocket listen(int port, int backlog) throws IOException {
    ServerSocket socket = new ServerSocket();
    socket.setReuseAddress(true);
    socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), backlog);
    return socket;
  }

  private void control(ServerSocket socket) {
    while (true) {
      try (Socket order = socket.accept()) {
        String wanted = readLine(order.getInputStream());
        if (!wanted.isEmpty()) {
          mode = wanted;
          if (wanted.equals(Fault.FULL.label())) {
            open.forEach(FaultyServer::close);
          }
        }
        order.getOutputStream().write(bytes(lastRequestMillis + "\n"));
      } catch (IOException e) {
        // Whoever asked has gone.
      }
    }
  }

  private void serve(ServerSocket socket) throws IOException {
    while (true) {
      while (mode.equals(Fault.FULL.label())) {
        LockSupport.parkNanos(1_000_000);
      }
      Socket client = socket.accept();
      open.add(client);
      Thread.startVirtualThread(() -> serve(client));
    }
  }

  private void serve(Socket client) {
    try (client) {
      client.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(client.getInputStream());
      for (String line = readHead(in); !line.isEmpty(); line = readHead(in)) {
        if (!line.contains(" /healthz ")) {
          lastRequestMillis = System.currentTimeMillis();
        }
        answer(client, client.getOutputStream());
      }
    } catch (IOException e) {
      // The other side has gone.
    } finally {
      open.remove(client);
    }
  }

  private void answer(Socket client, OutputStream out) throws IOException {
    switch (mode) {
      case "errors" -> out.write(ERROR);
      case "garbage" -> out.write(GARBAGE);
      case "resets" -> {
        out.write(HALF);
        client.setSoLinger(true, 0);
        client.close();
      }
      case "slow" -> {
        LockSupport.parkNanos(SLOW_NANOS);
        out.write(ANSWER);
      }
      default -> out.write(ANSWER);
    }
  }

  /** The request line, once the head has been read; empty at the end. */
  private static String readHead(InputStream in) throws IOException {
    String first = readLine(in);
    String line = first;
    while (!line.isEmpty()) {
      line = readLine(in);
    }
    return first;
  }

  private static String readLine(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
      if (b != '\r') {
        line.append((char) b);
      }
    }
    return line.toString();
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is closed.
    }
  }
}
