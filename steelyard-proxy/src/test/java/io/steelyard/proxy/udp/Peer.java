package io.steelyard.proxy.udp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.model.Address;
import io.steelyard.proxy.kit.Wire;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/** One end that exchanges datagrams, every one of them in the test's hands. */
final class Peer implements AutoCloseable {
  private final DatagramSocket socket;

  private Peer(DatagramSocket socket) throws SocketException {
    this.socket = socket;
    socket.setSoTimeout((int) Wire.PATIENCE.toMillis());
  }

  /** On a port that the kernel chooses. */
  static Peer open() throws SocketException {
    return new Peer(new DatagramSocket(0, InetAddress.getLoopbackAddress()));
  }

  /** Answers every datagram until it is closed. */
  static Peer answering(UnaryOperator<String> answer) throws SocketException {
    Peer peer = open();
    Thread.ofVirtual()
        .start(() -> {
          try {
            while (true) {
              DatagramPacket packet = peer.receive();
              peer.send(packet.getSocketAddress(), answer.apply(text(packet)));
            }
          } catch (IOException e) {
            // closed
          }
        });
    return peer;
  }

  /** An address where nobody is. */
  static Address nowhere() throws SocketException {
    try (Peer peer = open()) {
      return peer.address();
    }
  }

  Address address() {
    return new Address("127.0.0.1", socket.getLocalPort());
  }

  Peer send(SocketAddress to, String text) throws IOException {
    return send(to, text.getBytes(ISO_8859_1));
  }

  Peer send(SocketAddress to, byte[] bytes) throws IOException {
    socket.send(new DatagramPacket(bytes, bytes.length, to));
    return this;
  }

  DatagramPacket receive() throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[65_536], 65_536);
    socket.receive(packet);
    return packet;
  }

  /** The next datagram says this; returns who sent it. */
  InetSocketAddress expect(String text) throws IOException {
    DatagramPacket packet = receive();
    assertThat(text(packet)).isEqualTo(text);
    return (InetSocketAddress) packet.getSocketAddress();
  }

  /** The bytes of a datagram. */
  static byte[] bytes(DatagramPacket packet) {
    return Arrays.copyOf(packet.getData(), packet.getLength());
  }

  static String text(DatagramPacket packet) {
    return new String(packet.getData(), 0, packet.getLength(), ISO_8859_1);
  }

  @Override
  public void close() {
    socket.close();
  }
}
