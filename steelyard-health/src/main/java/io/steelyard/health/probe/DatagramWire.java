package io.steelyard.health.probe;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.PortUnreachableException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A connected UDP socket of one probe: only the target's datagrams arrive, and ICMP errors show.
 * Used by one thread.
 */
final class DatagramWire implements AutoCloseable {
  private static final int LARGEST = 4096;

  private final DatagramSocket socket;
  private final Deadline deadline;

  private DatagramWire(DatagramSocket socket, Deadline deadline) {
    this.socket = socket;
    this.deadline = deadline;
  }

  static DatagramWire open(ProbeTarget target, Deadline deadline) throws ProbeFailure {
    var address = target.socketAddress();
    DatagramSocket socket;
    try {
      socket = new DatagramSocket(target.source());
    } catch (SocketException e) {
      throw ProbeFailure.l3(String.valueOf(e.getMessage()));
    }
    var wire = new DatagramWire(socket, deadline);
    try {
      if (!socket.isBound()) {
        socket.bind(null);
      }
      socket.connect(address);
      return wire;
    } catch (SocketException e) {
      wire.close();
      throw ProbeFailure.l3(String.valueOf(e.getMessage()));
    }
  }

  void send(byte[] message) throws ProbeFailure, InterruptedException {
    try {
      socket.send(new DatagramPacket(message, message.length));
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /** The next datagram; null when none comes before the deadline. */
  byte @Nullable [] receive() throws ProbeFailure, InterruptedException {
    var packet = new DatagramPacket(new byte[LARGEST], LARGEST);
    try {
      socket.setSoTimeout(deadline.millisLeft());
      socket.receive(packet);
      return Arrays.copyOf(packet.getData(), packet.getLength());
    } catch (SocketTimeoutException e) {
      return null;
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private static ProbeFailure failure(IOException e) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("interrupted while it probed");
    }
    return e instanceof PortUnreachableException
        ? ProbeFailure.l4("port unreachable")
        : ProbeFailure.l3(String.valueOf(e.getMessage()));
  }

  @Override
  public void close() {
    socket.close();
  }
}
