package io.steelyard.proxy;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.steelyard.model.Address;
import io.steelyard.model.Listener;
import io.steelyard.net.BindReason;
import io.steelyard.net.SocketFile;
import io.steelyard.net.Transport;
import io.steelyard.proxy.listen.ConnectionLimit;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sockets that a proxy's listeners listen on: one per port and event loop, or one for all loops
 * where it is a Unix socket. Belongs to the thread that starts and stops the proxy.
 */
final class ListeningSockets {
  private static final Logger LOG = LoggerFactory.getLogger(ListeningSockets.class);

  private final Transport transport;
  private final List<LoopServices> loops;
  private final Map<String, InetSocketAddress> addresses = new LinkedHashMap<>();
  private final Map<String, String> names = new LinkedHashMap<>();
  private final List<Channel> acceptors = new ArrayList<>();
  private final List<SocketFile> files = new ArrayList<>();

  /**
   * @param loops in the order of the transport's; may still grow
   */
  ListeningSockets(Transport transport, List<LoopServices> loops) {
    this.transport = transport;
    this.loops = loops;
  }

  Map<String, InetSocketAddress> addresses() {
    return Collections.unmodifiableMap(addresses);
  }

  /** Where each listener listens, in words: an address, a range or a Unix socket. */
  Map<String, String> names() {
    return Collections.unmodifiableMap(names);
  }

  /**
   * Listens for one listener.
   *
   * @throws ListenException when an address cannot be had
   */
  void listen(String name, Listener listener, @Nullable ConnectionLimit limit)
      throws ListenException {
    Address address = listener.address();
    try {
      if (address.isUnix()) {
        listenOnFile(name, listener, limit);
        names.put(name, address.toString());
        return;
      }
      for (int port = address.port(); port <= address.lastPort(); port++) {
        InetSocketAddress bound = listenOnPort(name, listener, socketAddress(address, port), limit);
        addresses.putIfAbsent(name, bound);
        names.putIfAbsent(name, address.ports() > 1 ? address.toString() : text(bound));
      }
    } catch (IOException e) {
      throw new ListenException(
          "listener " + name + ": cannot listen on " + address + ": " + BindReason.of(e), e);
    }
  }

  private static String text(InetSocketAddress bound) {
    return new Address(bound.getAddress().getHostAddress(), bound.getPort()).toString();
  }

  private void listenOnFile(String name, Listener listener, @Nullable ConnectionLimit limit)
      throws IOException {
    SocketFile file =
        SocketFile.claim(Path.of(listener.address().host()), listener.socket().mode());
    files.add(file);
    List<ChannelHandler> children =
        loops.stream().map(services -> services.acceptingService(name).accepting()).toList();
    accept(transport.listen(file.made(), listener.socket().backlog(), children), limit);
    file.publish();
  }

  /** The address, with the port that the kernel chose if it was to. */
  private InetSocketAddress listenOnPort(
      String name, Listener listener, InetSocketAddress wanted, @Nullable ConnectionLimit limit)
      throws IOException {
    boolean shared = loops.size() > 1;
    InetSocketAddress address = wanted;
    if (shared) {
      requireFree(address, listener);
    }
    for (LoopServices services : loops) {
      Channel acceptor = accept(services.service(name).listen(address, shared), limit);
      address = (InetSocketAddress) acceptor.localAddress();
    }
    return address;
  }

  private Channel accept(ChannelFuture begun, @Nullable ConnectionLimit limit) throws IOException {
    ChannelFuture bound = begun.awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw bound.cause() instanceof IOException e ? e : new IOException(bound.cause());
    }
    Channel acceptor = bound.channel();
    acceptors.add(acceptor);
    if (limit != null) {
      limit.addAcceptor(acceptor);
    }
    return acceptor;
  }

  /** Nobody is accepted any more; the files of Unix sockets go away. */
  void close() {
    acceptors.forEach(acceptor -> acceptor.close().syncUninterruptibly());
    for (SocketFile file : files) {
      try {
        file.remove();
      } catch (IOException e) {
        LOG.warn("The file of a Unix socket stays behind: {}", e.toString());
      }
    }
  }

  /**
   * Event loops share an address, and the kernel would let another process of the same user share
   * it too, which then took half of the connections. So see first that nobody is there.
   */
  private static void requireFree(InetSocketAddress address, Listener listener) throws IOException {
    switch (listener.protocol()) {
      case HTTP, TCP -> {
        try (ServerSocket probe = new ServerSocket()) {
          probe.setReuseAddress(true);
          probe.bind(address, listener.socket().backlog());
        }
      }
      case UDP -> {
        try (DatagramSocket probe = new DatagramSocket(null)) {
          probe.bind(address);
        }
      }
      case PACKET -> {} // no socket
    }
  }

  private static InetSocketAddress socketAddress(Address address, int port) throws ListenException {
    if (address.host().isEmpty()) {
      return new InetSocketAddress(port);
    }
    try {
      return new InetSocketAddress(InetAddress.getByName(address.host()), port);
    } catch (IOException e) {
      throw new ListenException(
          "cannot listen on " + address + ": the host " + address.host() + " is not known", e);
    }
  }
}
