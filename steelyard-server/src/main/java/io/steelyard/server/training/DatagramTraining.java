package io.steelyard.server.training;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** An endpoint that sends datagrams back, and the clients who send them. */
final class DatagramTraining implements AutoCloseable {
  private static final Duration TIME = Duration.ofMillis(700);
  private static final int CLIENTS = 8;
  private static final int SIZE = 100;
  private static final int PATIENCE_MILLIS = 200;

  private final DatagramSocket endpoint = new DatagramSocket(0, InetAddress.getLoopbackAddress());

  DatagramTraining() throws IOException {
    Thread.ofVirtual().start(this::serve);
  }

  int port() {
    return endpoint.getLocalPort();
  }

  private void serve() {
    DatagramPacket datagram = new DatagramPacket(new byte[SIZE], SIZE);
    try {
      while (true) {
        endpoint.receive(datagram);
        endpoint.send(datagram);
      }
    } catch (IOException e) {
      // closed
    }
  }

  /** Sends to a listener for a while; returns how many answers came. */
  long load(int listener) throws InterruptedException, ExecutionException {
    InetSocketAddress to = new InetSocketAddress(InetAddress.getLoopbackAddress(), listener);
    long end = System.nanoTime() + TIME.toNanos();
    long answers = 0;
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Long>> counts = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        counts.add(clients.submit(() -> client(to, end)));
      }
      for (Future<Long> count : counts) {
        answers += count.get();
      }
    }
    return answers;
  }

  private static long client(InetSocketAddress to, long end) throws IOException {
    long answers = 0;
    DatagramPacket datagram = new DatagramPacket(new byte[SIZE], SIZE, to);
    try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      while (System.nanoTime() < end) {
        socket.send(datagram);
        try {
          socket.receive(datagram);
          answers++;
        } catch (SocketTimeoutException e) {
          // one got lost, as datagrams may
        }
        datagram.setSocketAddress(to);
      }
    }
    return answers;
  }

  @Override
  public void close() {
    endpoint.close();
  }
}
