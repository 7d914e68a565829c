package io.steelyard.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;

/**
 * Clients that each have one datagram under way: the next goes out when the answer is there. One
 * thread. As a program, its arguments are the port, how many clients, how many seconds, and the
 * size of a datagram; it prints what {@link Result} holds.
 */
final class DatagramLoad implements AutoCloseable {
  /** So long unanswered, a datagram is lost, and another one sent. */
  private static final long LOST_NANOS = 200_000_000;

  /**
   * What came back.
   *
   * @param lost datagrams without an answer
   * @param wrong answers that are not what was sent
   */
  record Result(long answers, long lost, long wrong) {
    static Result parse(String output) {
      String[] words = output.strip().split(" ", -1);
      return new Result(
          Long.parseLong(words[0]), Long.parseLong(words[1]), Long.parseLong(words[2]));
    }

    @Override
    public String toString() {
      return answers + " " + lost + " " + wrong;
    }
  }

  private final Selector selector = Selector.open();
  private final List<Client> clients = new ArrayList<>();
  private final ByteBuffer received;
  private final int size;
  private long answers;
  private long lost;
  private long wrong;

  DatagramLoad(int port, int count, int size) throws IOException {
    this.size = size;
    received = ByteBuffer.allocateDirect(size + 1);
    for (int i = 0; i < count; i++) {
      DatagramChannel channel = DatagramChannel.open();
      channel.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
      channel.configureBlocking(false);
      Client client = new Client(channel, i);
      clients.add(client);
      channel.register(selector, SelectionKey.OP_READ, client);
    }
  }

  /** Loads. */
  public static void main(String[] arguments) throws IOException {
    try (DatagramLoad load =
        new DatagramLoad(number(arguments, 0), number(arguments, 1), number(arguments, 3))) {
      System.out.println(load.run(number(arguments, 2)));
    }
  }

  private static int number(String[] arguments, int at) {
    return Integer.parseInt(arguments[at]);
  }

  Result run(double seconds) throws IOException {
    long end = System.nanoTime() + (long) (seconds * 1e9);
    for (Client client : clients) {
      client.ask();
    }
    long now = System.nanoTime();
    long look = now + LOST_NANOS;
    while (end - now > 0) {
      selector.select(key -> ((Client) key.attachment()).answered(), 50);
      now = System.nanoTime();
      if (now - look > 0) {
        look = now + LOST_NANOS;
        repeat(now);
      }
    }
    return new Result(answers, lost, wrong);
  }

  private void repeat(long now) throws IOException {
    for (Client client : clients) {
      if (now - client.sentNanos > LOST_NANOS) {
        lost++;
        client.ask();
      }
    }
  }

  @Override
  public void close() throws IOException {
    for (Client client : clients) {
      client.channel.close();
    }
    selector.close();
  }

  private final class Client {
    private final DatagramChannel channel;
    private final ByteBuffer bytes;
    private long number;
    private long sentNanos;

    Client(DatagramChannel channel, int index) {
      this.channel = channel;
      this.number = (long) index << 32;
      this.bytes = ByteBuffer.allocateDirect(size);
    }

    void ask() throws IOException {
      bytes.clear().putLong(0, ++number);
      sentNanos = System.nanoTime();
      try {
        channel.write(bytes);
      } catch (PortUnreachableException e) {
        // of the one before; this one is repeated
      }
    }

    void answered() {
      try {
        while (channel.read(received.clear()) >= 0 && received.position() > 0) {
          if (received.position() != size) {
            wrong++;
          } else if (received.getLong(0) == number) {
            answers++;
            ask();
          } // else the answer to one that was given up
        }
      } catch (IOException e) {
        // nobody is there; it counts as lost
      }
    }
  }
}
