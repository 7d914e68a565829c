package io.steelyard.codec.http1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** What tests of chunked bodies share. */
final class Chunks {

  private Chunks() {}

  /** Scans a body at once; what was found, as text that can be compared. */
  static String whole(byte[] body, int limit) {
    return parts(body, limit, Integer.MAX_VALUE, Integer.MAX_VALUE);
  }

  /**
   * What a body gives when it is scanned whole, after checking that every way to split it gives the
   * same.
   */
  static String everyWay(byte[] body, int limit) {
    String expected = whole(body, limit);
    same("byte by byte", parts(body, limit, 1, 1), expected);
    for (int at = 1; at < body.length; at++) {
      same("split at " + at, parts(body, limit, at, Integer.MAX_VALUE), expected);
    }
    return expected;
  }

  private static void same(String how, String found, String expected) {
    if (!found.equals(expected)) {
      throw new AssertionError(how + ": " + found + "\nwhole: " + expected);
    }
  }

  /**
   * Scans a body that arrives in a first part and further ones, and checks scan against step as it
   * goes.
   */
  static String parts(byte[] body, int limit, int first, int further) {
    ByteBuf buf = Unpooled.wrappedBuffer(body);
    ChunkScanner scanner = new ChunkScanner(limit);
    ChunkScanner stepper = new ChunkScanner(limit);
    StringBuilder data = new StringBuilder();
    int from = 0;
    int to = Math.min(first, body.length);
    while (true) {
      int count = scanner.scan(buf, from, to);
      int walked = walk(stepper, buf, body, from, to, data);
      if (count == ChunkScanner.MALFORMED) {
        same("step", stepper.error().name() + walked, scanner.error().name() + count);
        return scanner.error() + " data " + data;
      }
      same("step", walked + " " + stepper.done(), count + " " + scanner.done());
      if (scanner.done()) {
        check(stepper, data);
        return "done " + (from + count) + " data " + data;
      }
      if (from + count != to) {
        throw new AssertionError("not done, yet " + count + " of " + (to - from) + " bytes");
      }
      if (to == body.length) {
        check(stepper, data);
        return "more data " + data;
      }
      from = to;
      to = (int) Math.min((long) to + further, body.length);
    }
  }

  private static void check(ChunkScanner scanner, StringBuilder data) {
    if (scanner.dataBytes() != data.length()) {
      throw new AssertionError(scanner.dataBytes() + " bytes of data, found " + data.length());
    }
  }

  private static int walk(
      ChunkScanner scanner, ByteBuf buf, byte[] body, int from, int to, StringBuilder data) {
    int p = from;
    while (p < to && !scanner.done()) {
      int next = scanner.step(buf, p, to);
      if (next < 0) {
        return next;
      }
      if (next <= p || next > to) {
        throw new AssertionError("step from " + p + " to " + next + " within " + to);
      }
      data.append(Heads.part(body, scanner.dataStart(), scanner.dataEnd()));
      p = next;
    }
    return p - from;
  }
}
