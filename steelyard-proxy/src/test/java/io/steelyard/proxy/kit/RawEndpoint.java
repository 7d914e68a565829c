package io.steelyard.proxy.kit;

import io.steelyard.model.Address;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint that does what the test says: either the test {@linkplain #accept accepts}
 * connections itself, or a {@linkplain #serve handler} does on a virtual thread for each.
 */
public final class RawEndpoint implements AutoCloseable {
  /** What a served connection does. Its end of the connection is closed afterwards. */
  public interface Handler {
    void handle(Wire wire) throws Exception;
  }

  private final ServerSocket listening;
  private final List<Socket> accepted = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicReference<@Nullable AssertionError> failure = new AtomicReference<>();

  private RawEndpoint(ServerSocket listening) {
    this.listening = listening;
  }

  /** Listens on a port that the kernel chooses. */
  public static RawEndpoint open() throws IOException {
    ServerSocket socket = new ServerSocket(0, 1000, InetAddress.getLoopbackAddress());
    socket.setSoTimeout((int) Wire.PATIENCE.toMillis());
    return new RawEndpoint(socket);
  }

  /** Takes connections from a listening socket, whatever it speaks. */
  public static RawEndpoint on(ServerSocket socket) throws IOException {
    socket.setSoTimeout((int) Wire.PATIENCE.toMillis());
    return new RawEndpoint(socket);
  }

  /** Listens with a receive buffer of that size, so that little fits on the way. */
  public static RawEndpoint narrow(int receiveBuffer) throws IOException {
    ServerSocket socket = new ServerSocket();
    socket.setReceiveBufferSize(receiveBuffer);
    socket.setSoTimeout((int) Wire.PATIENCE.toMillis());
    socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1000);
    return new RawEndpoint(socket);
  }

  /** Listens and serves every connection in the same way. */
  public static RawEndpoint serving(Handler handler) throws IOException {
    RawEndpoint endpoint = open();
    endpoint.serve(handler);
    return endpoint;
  }

  /** An address at which connections are refused. */
  public static Address refusing() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return address(socket);
    }
  }

  /**
   * An address that answers nothing at all: its queue of connections is full, so Linux drops what
   * else comes.
   */
  public static RawEndpoint dropping() throws IOException {
    ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    RawEndpoint endpoint = new RawEndpoint(socket);
    for (int i = 0; i < 4; i++) {
      SocketChannel filler = SocketChannel.open();
      filler.configureBlocking(false);
      filler.connect(socket.getLocalSocketAddress());
      endpoint.accepted.add(filler.socket());
    }
    return endpoint;
  }

  public Address address() {
    return address(listening);
  }

  private static Address address(ServerSocket socket) {
    return new Address("127.0.0.1", socket.getLocalPort());
  }

  /** As the access log names it. */
  public String name() {
    return address().toString();
  }

  /** The next connection. */
  public Wire accept() throws IOException {
    Socket socket = listening.accept();
    accepted.add(socket);
    if (listening.isClosed()) { // the kernel listens until the accepting thread has noticed
      socket.close();
      throw new SocketException("the endpoint is closed");
    }
    connections.incrementAndGet();
    return new Wire(socket);
  }

  /** How many connections were accepted. */
  public int connections() {
    return connections.get();
  }

  /** Serves every connection that comes from now on. */
  public void serve(Handler handler) {
    Thread.ofVirtual()
        .start(() -> {
          while (!listening.isClosed()) {
            try {
              Wire wire = accept();
              Thread.ofVirtual().start(() -> handle(handler, wire));
            } catch (IOException e) {
              return; // closed, or the test is over
            }
          }
        });
  }

  private void handle(Handler handler, Wire wire) {
    try (wire) {
      handler.handle(wire);
    } catch (AssertionError e) {
      failure.compareAndSet(null, e);
    } catch (Exception e) {
      // the connection ends; the test sees that at its other end
    }
  }

  /** Answers each request of a connection that has no body with this. */
  public static Handler answering(String answer) {
    return wire -> {
      while (!wire.readHead().isEmpty()) {
        wire.send(answer);
      }
    };
  }

  /** Bytes of this length that differ from place to place. */
  public static byte[] pattern(int length) {
    ByteBuffer bytes = ByteBuffer.allocate((length + 7) / 8 * 8);
    for (long i = 0; bytes.hasRemaining(); i++) {
      bytes.putLong(i * 0x9E3779B97F4A7C15L);
    }
    return Arrays.copyOf(bytes.array(), length);
  }

  /** Also says what a handler has found wrong. */
  @Override
  public void close() throws IOException {
    listening.close();
    for (Socket socket : accepted) {
      socket.close();
    }
    AssertionError found = failure.get();
    if (found != null) {
      throw found;
    }
  }
}
