package io.steelyard.proxy.kit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * One end of a TCP connection, blocking, with every byte in the test's hands. What should have come
 * and has not within {@link #PATIENCE} fails the test.
 */
public final class Wire implements AutoCloseable {
  /** Long: the machine may be busy, and a test that passes never waits for it. */
  public static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final int MOST_SHOWN = 64 * 1024;

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  /** The end that {@code socket} is. */
  public Wire(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout((int) PATIENCE.toMillis());
    socket.setTcpNoDelay(true);
    this.in = socket.getInputStream();
    this.out = socket.getOutputStream();
  }

  /** Connects to a port of this machine. */
  public static Wire to(int port) throws IOException {
    return new Wire(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  /** Connects with a receive buffer of that size, so that little fits on the way. */
  public static Wire narrow(int port, int receiveBuffer) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(receiveBuffer);
    socket.connect(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    return new Wire(socket);
  }

  public Socket socket() {
    return socket;
  }

  // ---- sending ----

  public Wire send(String text) throws IOException {
    return send(text.getBytes(ISO_8859_1));
  }

  public Wire send(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
    return this;
  }

  public Wire send(byte[] bytes, int from, int length) throws IOException {
    out.write(bytes, from, length);
    out.flush();
    return this;
  }

  /** Will send no more, but still reads. */
  public Wire finish() throws IOException {
    socket.shutdownOutput();
    return this;
  }

  /** Ends the connection at once; what is on its way may be lost. */
  public void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  /** Ends the connection in order, if nothing that has come is unread. */
  public void end() throws IOException {
    socket.close();
  }

  @Override
  public void close() throws IOException {
    end();
  }

  // ---- reading ----

  /** At least one byte, at most what fits; -1 at the end. */
  public int read(byte[] into) throws IOException {
    return in.read(into);
  }

  /** So many bytes; fewer when the connection ended before. */
  public byte[] bytes(int count) throws IOException {
    return in.readNBytes(count);
  }

  /** So many bytes; fewer when the connection ended before. */
  public String read(int count) throws IOException {
    return new String(in.readNBytes(count), ISO_8859_1);
  }

  /** Everything up to and with an empty line; what there was when the connection ended before. */
  public String readHead() throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.length() < MOST_SHOWN && !(head.indexOf("\r\n\r\n", head.length() - 4) >= 0)) {
      int next = in.read();
      if (next < 0) {
        break;
      }
      head.append((char) next);
    }
    return head.toString();
  }

  /** Everything to the end of the connection, which must be orderly. */
  public String readAll() throws IOException {
    return new String(in.readAllBytes(), ISO_8859_1);
  }

  /** An answer or a request with Content-Length: its head and its body. */
  public String readMessage() throws IOException {
    String head = readHead();
    String lower = head.toLowerCase(java.util.Locale.ROOT);
    int at = lower.indexOf("\r\ncontent-length:");
    if (at < 0) {
      return head;
    }
    int from = at + "\r\ncontent-length:".length();
    int length = Integer.parseInt(head.substring(from, head.indexOf("\r\n", from)).strip());
    return head + read(length);
  }

  // ---- expecting ----

  /** Exactly these bytes come next. */
  public Wire expect(String text) throws IOException {
    String seen;
    try {
      seen = readUpTo(text.length());
    } catch (SocketException e) {
      throw new AssertionError("expected " + text + " but: " + e.getMessage(), e);
    }
    assertThat(seen).isEqualTo(text);
    return this;
  }

  /** So many bytes; when they do not come in time, those that came. */
  private String readUpTo(int count) throws IOException {
    ByteArrayOutputStream seen = new ByteArrayOutputStream();
    byte[] part = new byte[Math.min(count, 8192)];
    try {
      while (seen.size() < count) {
        int read = in.read(part, 0, Math.min(part.length, count - seen.size()));
        if (read < 0) {
          break;
        }
        seen.write(part, 0, read);
      }
    } catch (SocketTimeoutException e) {
      seen.writeBytes("[and then nothing]".getBytes(ISO_8859_1));
    }
    return seen.toString(ISO_8859_1);
  }

  /** The other end will send no more, and says so in order. */
  public Wire expectEnd() throws IOException {
    int next;
    try {
      next = in.read();
    } catch (SocketException e) {
      throw new AssertionError("expected an orderly end, but: " + e.getMessage(), e);
    }
    if (next >= 0) {
      byte[] more = new byte[Math.min(in.available(), 2000)];
      String rest = (char) next + read(more.length);
      throw new AssertionError("expected the end, but found: " + rest);
    }
    return this;
  }

  /** The other end has ended the connection, in order or not. Bytes before that are ignored. */
  public Wire expectGone() throws IOException {
    byte[] ignored = new byte[8192];
    try {
      while (in.read(ignored) >= 0) {
        // what comes before does not matter
      }
    } catch (SocketTimeoutException e) {
      throw new AssertionError("expected the end of the connection", e);
    } catch (SocketException e) {
      return this;
    }
    return this;
  }

  /** The other end resets the connection; returns what came before. */
  public String expectReset() throws IOException {
    ByteArrayOutputStream seen = new ByteArrayOutputStream();
    byte[] part = new byte[8192];
    try {
      for (int n = in.read(part); n >= 0; n = in.read(part)) {
        seen.write(part, 0, n);
      }
    } catch (SocketTimeoutException e) {
      throw new AssertionError("expected a reset", e);
    } catch (SocketException e) {
      return seen.toString(ISO_8859_1);
    }
    throw new AssertionError("expected a reset, but the connection ended in order");
  }

  /** Nothing has come by now. To be asked when it would have come before something else did. */
  public Wire expectNothing() {
    try {
      assertThat(in.available()).isZero();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }
}
