package io.steelyard.health.probe;

import io.steelyard.balance.health.Layer;
import io.steelyard.model.IcmpProbeSpec;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.ThreadLocalRandom;

/** An ICMP echo request and its reply (RFC 792; RFC 4443 section 4). */
final class IcmpProbe implements Check {
  private static final int HEADER = 8;
  private static final int REQUEST = 8;
  private static final int REPLY = 0;
  private static final int REQUEST_V6 = 128;
  private static final int REPLY_V6 = 129;

  /** The first look for a reply comes after so long, each next one after twice the time. */
  private static final long FIRST_PAUSE_NANOS = 200_000;

  private static final long LONGEST_PAUSE_NANOS = 10_000_000;

  private final int size;

  IcmpProbe(IcmpProbeSpec spec) {
    size = spec.size();
  }

  @Override
  public Passed check(ProbeTarget target, Deadline deadline)
      throws ProbeFailure, InterruptedException {
    var host = target.inetAddress();
    try (var socket = PingSocket.open(host)) {
      var source = target.source();
      if (source != null) {
        socket.bind(source.getAddress());
      }
      return ping(socket, host, deadline);
    } catch (IOException e) {
      throw ProbeFailure.l3(String.valueOf(e.getMessage()));
    }
  }

  private Passed ping(PingSocket socket, InetAddress host, Deadline deadline)
      throws IOException, ProbeFailure, InterruptedException {
    int token = ThreadLocalRandom.current().nextInt();
    socket.connect(host);
    socket.send(request(token, socket.isV6()));
    long pause = FIRST_PAUSE_NANOS;
    while (!deadline.isOver()) {
      var message = socket.receive();
      if (isReply(message, token, socket)) {
        return new Passed(Layer.L3, "a reply from " + host.getHostAddress());
      }
      if (!message.hasRemaining()) {
        Thread.sleep(java.time.Duration.ofNanos(pause));
        pause = Math.min(pause * 2, LONGEST_PAUSE_NANOS);
      }
    }
    throw ProbeFailure.l3("no reply to a ping within " + deadline);
  }

  private byte[] request(int token, boolean v6) {
    var message =
        ByteBuffer.allocate(HEADER + size)
            .put((byte) (v6 ? REQUEST_V6 : REQUEST))
            .put((byte) 0)
            .putShort((short) 0)
            .putInt(token);
    if (!v6) { // there the system does it
      message.putShort(2, checksum(message.array()));
    }
    return message.array();
  }

  /** The Internet checksum (RFC 1071). */
  static short checksum(byte[] message) {
    int sum = 0;
    for (int i = 0; i < message.length; i++) {
      sum += (message[i] & 0xff) << (i % 2 == 0 ? 8 : 0);
    }
    sum = (sum & 0xffff) + (sum >>> 16);
    return (short) ~(sum + (sum >>> 16));
  }

  /** A ping socket puts in an identifier of its own; there only the number after it is ours. */
  private static boolean isReply(ByteBuffer message, int token, PingSocket socket) {
    if (message.remaining() < HEADER) {
      return false;
    }
    int type = message.get(message.position()) & 0xff;
    int found = message.order(java.nio.ByteOrder.BIG_ENDIAN).getInt(message.position() + 4);
    int mask = socket.isRaw() ? -1 : 0xffff;
    return type == (socket.isV6() ? REPLY_V6 : REPLY) && (found & mask) == (token & mask);
  }
}
