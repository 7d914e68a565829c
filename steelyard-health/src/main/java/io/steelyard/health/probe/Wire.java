package io.steelyard.health.probe;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.steelyard.balance.health.Layer;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A TCP connection of one probe, with one deadline for all that happens on it. What goes wrong is a
 * {@link ProbeFailure} that tells the layer. Used by one thread.
 */
final class Wire implements AutoCloseable {
  /** No probe looks at more than this. */
  static final int MOST = 64 * 1024;

  private final Deadline deadline;
  private Socket socket;
  private byte[] buffer = new byte[512];
  private int from;
  private int to;

  private Wire(Socket socket, Deadline deadline) {
    this.socket = socket;
    this.deadline = deadline;
  }

  /** Connects. */
  static Wire open(ProbeTarget target, Deadline deadline)
      throws ProbeFailure, InterruptedException {
    var wire = new Wire(new Socket(), deadline);
    try {
      wire.connect(target);
      return wire;
    } catch (ProbeFailure | InterruptedException | RuntimeException e) {
      wire.close();
      throw e;
    }
  }

  /** Connects and, if there are settings for it, encrypts. */
  static Wire open(ProbeTarget target, @Nullable Tls tls, Deadline deadline)
      throws ProbeFailure, InterruptedException {
    var wire = open(target, deadline);
    try {
      if (tls != null) {
        wire.socket.setSoTimeout(deadline.millisLeft());
        wire.socket = tls.handshake(wire.socket, target, deadline);
      }
      return wire;
    } catch (ProbeFailure | RuntimeException e) {
      wire.close();
      throw e;
    } catch (SocketException e) {
      wire.close();
      throw wire.failure(e, Layer.TLS);
    }
  }

  private void connect(ProbeTarget target) throws ProbeFailure, InterruptedException {
    var address = target.socketAddress();
    try {
      var source = target.source();
      if (source != null) {
        socket.bind(source);
      }
      socket.connect(address, deadline.millisLeft());
    } catch (BindException e) {
      throw ProbeFailure.l3("cannot come from " + target.sourceAddress() + ": " + e.getMessage());
    } catch (NoRouteToHostException e) {
      throw ProbeFailure.l3("no route to host");
    } catch (SocketTimeoutException e) {
      throw ProbeFailure.l4("no connection within " + deadline);
    } catch (ConnectException e) {
      throw connectFailure(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw failure(e, Layer.L4);
    }
  }

  private static ProbeFailure connectFailure(String message) {
    if (message.contains("unreachable")) {
      return ProbeFailure.l3(message);
    }
    return ProbeFailure.l4(message.contains("refused") ? "connection refused" : message);
  }

  void send(String text) throws ProbeFailure, InterruptedException {
    send(text.getBytes(UTF_8));
  }

  void send(byte[] bytes) throws ProbeFailure, InterruptedException {
    try {
      socket.getOutputStream().write(bytes);
    } catch (IOException e) {
      throw failure(e, Layer.L4);
    }
  }

  /**
   * Reads some more.
   *
   * @return false at the end of the stream, or when all that may be looked at has been read
   */
  boolean more() throws ProbeFailure, InterruptedException {
    if (to == MOST) {
      return false;
    }
    if (to == buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.min(MOST, buffer.length * 4));
    }
    try {
      socket.setSoTimeout(deadline.millisLeft());
      InputStream in = socket.getInputStream();
      int count = in.read(buffer, to, buffer.length - to);
      to += Math.max(0, count);
      return count > 0;
    } catch (IOException e) {
      throw failure(e, Layer.L4);
    }
  }

  /** What has been read and not yet taken. */
  String unread() {
    return Details.text(buffer, from, to);
  }

  /** Whether all has been read that a probe may look at. */
  boolean isFull() {
    return to == MOST;
  }

  int available() {
    return to - from;
  }

  /** A byte that has been read, counted from the first one not yet taken; 0 to 255. */
  int peek(int index) {
    return buffer[from + index] & 0xff;
  }

  /** Takes bytes that have been read. */
  byte[] take(int count) {
    var bytes = Arrays.copyOfRange(buffer, from, from + count);
    from += count;
    return bytes;
  }

  /** Reads until so many bytes are there. */
  void need(int count) throws ProbeFailure, InterruptedException {
    while (available() < count) {
      if (!more()) {
        throw ProbeFailure.l7("the connection ended after " + Details.quote(unread()));
      }
    }
  }

  /** Takes a line; its end, LF or CRLF, is left out. */
  String line() throws ProbeFailure, InterruptedException {
    for (int i = 0; ; i++) {
      need(i + 1);
      if (peek(i) == '\n') {
        int end = i > 0 && peek(i - 1) == '\r' ? i - 1 : i;
        var line = Details.text(buffer, from, from + end);
        from += i + 1;
        return line;
      }
    }
  }

  /** The connection ends with a reset: nothing waits for its end then, on either side. */
  void reset() {
    try {
      socket.setSoLinger(true, 0);
    } catch (SocketException e) {
      // It has ended already.
    }
  }

  private ProbeFailure failure(IOException e, Layer layer) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("interrupted while it probed");
    }
    if (e instanceof SocketTimeoutException) {
      return ProbeFailure.l7("no answer within " + deadline + got());
    }
    return new ProbeFailure(
        layer, String.valueOf(e.getMessage()).toLowerCase(java.util.Locale.ROOT) + got());
  }

  private String got() {
    return available() == 0 ? "" : ", only " + Details.quote(unread());
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      // Nothing of it is needed any more.
    }
  }
}
