package io.steelyard.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Requests that begin at fixed times, whatever becomes of those before: an open loop, in which
 * whoever waits holds nobody up. Connections are used again, as browsers do; a request on one that
 * the proxy has just closed is sent again once, as they do, too.
 */
final class OpenLoad {
  private static final byte[] REQUEST = "GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(ISO_8859_1);
  private static final int PATIENCE_MILLIS = 10_000;

  private final int port;
  private final ConcurrentLinkedDeque<Connection> idle = new ConcurrentLinkedDeque<>();

  OpenLoad(int port) {
    this.port = port;
  }

  /**
   * How one request went.
   *
   * @param atMillis when it began, in milliseconds since 1970
   * @param nanos how long it took
   * @param failure what went wrong; null when it was answered as it should be
   */
  record Sample(long atMillis, long nanos, @Nullable String failure) {}

  /** Sends so many a second for so long; returns when all have ended. */
  List<Sample> run(int perSecond, double seconds) {
    var samples = new ConcurrentLinkedQueue<Sample>();
    long start = System.nanoTime();
    long count = (long) (perSecond * seconds);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (long i = 0; i < count; i++) {
        long due = start + i * 1_000_000_000 / perSecond;
        for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
          LockSupport.parkNanos(wait);
        }
        threads.execute(() -> samples.add(ask()));
      }
    }
    idle.forEach(Connection::close);
    idle.clear();
    return List.copyOf(samples);
  }

  private Sample ask() {
    long at = System.currentTimeMillis();
    long start = System.nanoTime();
    String failure;
    Connection used = idle.pollFirst();
    try {
      try {
        failure = ask(used == null ? connect() : used);
      } catch (Stale e) {
        failure = ask(connect());
      }
    } catch (Stale | IOException e) {
      failure = String.valueOf(e.getMessage());
    }
    return new Sample(at, System.nanoTime() - start, failure);
  }

  private @Nullable String ask(Connection connection) throws IOException, Stale {
    boolean kept = false;
    try {
      String status = connection.exchange();
      kept = connection.reusable;
      return status.equals("200") ? null : "status " + status;
    } finally {
      if (kept) {
        idle.addFirst(connection);
      } else {
        connection.close();
      }
    }
  }

  private Connection connect() throws IOException {
    return new Connection(port);
  }

  /** A connection that was used before has ended without a byte of an answer. */
  private static final class Stale extends Exception {
    private static final long serialVersionUID = 1;

    Stale(@Nullable Throwable cause) {
      super("the connection was closed", cause);
    }
  }

  private static final class Connection {
    private final Socket socket = new Socket();
    private final InputStream in;
    private boolean used;
    private boolean reusable;

    Connection(int port) throws IOException {
      socket.connect(
          new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), PATIENCE_MILLIS);
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.setTcpNoDelay(true);
      in = new BufferedInputStream(socket.getInputStream());
    }

    /** The status of a whole answer. */
    String exchange() throws IOException, Stale {
      boolean again = used;
      used = true;
      int first;
      try {
        socket.getOutputStream().write(REQUEST);
        in.mark(1);
        first = in.read();
        in.reset();
      } catch (java.net.SocketException e) {
        if (again) {
          throw new Stale(e);
        }
        throw e;
      }
      if (first < 0) {
        if (again) {
          throw new Stale(null);
        }
        throw new IOException("no answer");
      }
      return answer();
    }

    private String answer() throws IOException {
      String status = line();
      int length = 0;
      reusable = true;
      for (String field = line(); !field.isEmpty(); field = line()) {
        String lower = field.toLowerCase(java.util.Locale.ROOT);
        if (lower.startsWith("content-length:")) {
          length = Integer.parseInt(lower.substring("content-length:".length()).strip());
        }
        reusable &= !lower.startsWith("connection: close");
      }
      if (in.readNBytes(length).length < length) {
        throw new IOException("the answer breaks off");
      }
      String[] words = status.split(" ", 3);
      return words.length > 1 ? words[1] : status;
    }

    private String line() throws IOException {
      StringBuilder line = new StringBuilder();
      for (int b = in.read(); b != '\n'; b = in.read()) {
        if (b < 0) {
          throw new IOException("the head breaks off");
        }
        if (b != '\r') {
          line.append((char) b);
        }
      }
      return line.toString();
    }

    void close() {
      try {
        socket.close();
      } catch (IOException e) {
        // It is closed.
      }
    }
  }
}
