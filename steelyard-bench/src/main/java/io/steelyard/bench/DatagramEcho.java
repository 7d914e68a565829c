package io.steelyard.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;

/** Sends every datagram back, on each of the ports that are its arguments; until it is killed. */
final class DatagramEcho {
  private static final int LARGEST = 65_536;

  private DatagramEcho() {}

  /** Serves. */
  public static void main(String[] ports) throws IOException {
    try (Selector selector = Selector.open()) {
      for (String port : ports) {
        DatagramChannel channel = DatagramChannel.open();
        channel.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port(port)));
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ);
      }
      ByteBuffer buffer = ByteBuffer.allocateDirect(LARGEST);
      while (selector.isOpen()) {
        selector.select(key -> serve((DatagramChannel) key.channel(), buffer));
      }
    }
  }

  private static int port(String text) {
    return Integer.parseInt(text);
  }

  /** Everything that is there. */
  private static void serve(DatagramChannel channel, ByteBuffer buffer) {
    try {
      for (SocketAddress from = channel.receive(buffer.clear());
          from != null;
          from = channel.receive(buffer.clear())) {
        channel.send(buffer.flip(), from);
      }
    } catch (IOException e) {
      // who asked is gone
    }
  }
}
