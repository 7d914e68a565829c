package io.steelyard.health.probe;

import java.util.Arrays;

/**
 * The greeting of MySQL: a packet of 3 bytes length, 1 byte number, and then protocol version 10
 * and the server's version, or 0xff and an error (MySQL internals, "Protocol::HandshakeV10").
 */
final class MysqlProbe implements Check {
  private static final int HEADER = 4;
  private static final int ERROR = 0xff;
  private static final int PROTOCOL = 10;
  private static final int MOST = 4096;

  @Override
  public Passed check(ProbeTarget target, Deadline deadline)
      throws ProbeFailure, InterruptedException {
    try (var wire = Wire.open(target, deadline)) {
      wire.need(HEADER + 1);
      int length = wire.peek(0) | wire.peek(1) << 8 | wire.peek(2) << 16;
      int kind = wire.peek(HEADER);
      if (length < 2 || length > MOST || (kind != PROTOCOL && kind != ERROR)) {
        throw ProbeFailure.l7(
            "found " + Details.quote(wire.unread()) + ", expected a greeting of MySQL");
      }
      wire.need(HEADER + length);
      var packet = Arrays.copyOfRange(wire.take(HEADER + length), HEADER, HEADER + length);
      if (kind == ERROR) {
        throw ProbeFailure.l7("the server refuses: " + error(packet));
      }
      return Passed.l7("MySQL " + version(packet));
    }
  }

  private static String version(byte[] packet) {
    int end = 1;
    while (end < packet.length && packet[end] != 0) {
      end++;
    }
    return Details.text(packet, 1, end);
  }

  private static String error(byte[] packet) {
    if (packet.length < 3) {
      return "without a reason";
    }
    int code = (packet[1] & 0xff) | (packet[2] & 0xff) << 8;
    return code + " " + Details.text(packet, 3, packet.length);
  }
}
