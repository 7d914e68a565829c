package io.steelyard.proxy.log;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.steelyard.proxy.log.AccessRecord.Text;
import java.nio.charset.StandardCharsets;

/** Sample records. */
final class Records {
  /** 2026-11-01T12:34:56.789012Z. */
  static final long MICROS = 1_793_536_496_789_012L;

  private Records() {}

  static AccessRecord sample() {
    AccessRecord record = new AccessRecord();
    record.startEpochMicros = MICROS;
    record.listener = "web";
    record.client = "10.0.0.9";
    record.clientPort = 51_234;
    text(record, Text.METHOD, "GET");
    text(record, Text.TARGET, "/a?b=1");
    text(record, Text.HOST, "example.com");
    text(record, Text.USER_AGENT, "curl/8.9");
    record.minorVersion = 1;
    record.status = 200;
    record.bytesIn = 78;
    record.bytesOut = 712;
    record.answerHeadBytes = 200;
    record.totalNanos = 1_234_567;
    record.firstByteNanos = 1_000_999;
    record.pool = "site";
    record.endpoint = "10.0.1.1:8080";
    record.attempts = 1;
    return record;
  }

  static void text(AccessRecord record, Text which, String value) {
    text(record, which, value.getBytes(StandardCharsets.UTF_8));
  }

  /** As in life: the text is somewhere inside a buffer. */
  static void text(AccessRecord record, Text which, byte[] value) {
    ByteBuf buf = Unpooled.buffer();
    try {
      buf.writeBytes("before ".getBytes(StandardCharsets.UTF_8));
      int from = buf.writerIndex();
      buf.writeBytes(value);
      int to = buf.writerIndex();
      buf.writeBytes(" after".getBytes(StandardCharsets.UTF_8));
      record.text(which, buf, from, to);
    } finally {
      buf.release();
    }
  }

  static String line(LineFormat format, AccessRecord record) {
    AccessLogRing ring = new AccessLogRing(AccessLogRing.CAPACITY);
    LineBuffer out = new LineBuffer(16);
    ring.offer(record);
    ring.drain(request -> format.append(request, out));
    return out.toString();
  }

  static String text(LoggedRequest request, int field) {
    return new String(
        request.bytes(), request.start(field), request.length(field), StandardCharsets.UTF_8);
  }
}
