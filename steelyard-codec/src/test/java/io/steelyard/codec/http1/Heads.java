package io.steelyard.codec.http1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Supplier;

/**
 * What tests of heads share: bytes in buffers, and all that a head knows as one text that can be
 * compared.
 */
final class Heads {

  static final HeadLimits LIMITS = new HeadLimits(32 * 1024, 100, 8 * 1024);

  private Heads() {}

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /** Parses a message at once and describes what was found. */
  static String whole(MessageHead head, byte[] message, HeadLimits limits) {
    ByteBuf buf = Unpooled.wrappedBuffer(message);
    int result = head.parse(buf, 0, message.length, limits);
    return describe(head, result, message);
  }

  /**
   * Parses a message in two parts and describes what was found. The parts are in different buffers
   * at different places, and bytes that would make a difference follow the first.
   */
  static String split(MessageHead head, byte[] message, int at, HeadLimits limits) {
    byte[] first = Arrays.copyOf(message, at + 8);
    Arrays.fill(first, at, at + 8, (byte) 0);
    int result = head.parse(Unpooled.wrappedBuffer(first), 0, at, limits);
    if (result != MessageHead.INCOMPLETE) {
      return describe(head, result, message);
    }
    byte[] second = new byte[message.length + 5];
    System.arraycopy(message, 0, second, 5, message.length);
    result = head.parse(Unpooled.wrappedBuffer(second), 5, second.length, limits);
    return describe(head, result, message);
  }

  /** Parses a message that arrives byte by byte and describes what was found. */
  static String bytewise(MessageHead head, byte[] message, HeadLimits limits) {
    ByteBuf buf = Unpooled.wrappedBuffer(message);
    int result = MessageHead.INCOMPLETE;
    for (int end = 0; end <= message.length && result == MessageHead.INCOMPLETE; end++) {
      result = head.parse(buf, 0, end, limits);
    }
    return describe(head, result, message);
  }

  static MessageHead responseTo(Method method) {
    ResponseHead head = new ResponseHead();
    head.parseFor(method);
    return head;
  }

  /**
   * What a message gives when it is parsed whole, after checking that every way to split it gives
   * the same.
   */
  static String everyWay(Supplier<MessageHead> heads, byte[] message, HeadLimits limits) {
    String expected = whole(heads.get(), message, limits);
    String slowly = bytewise(heads.get(), message, limits);
    if (!slowly.equals(expected)) {
      throw new AssertionError("byte by byte: " + slowly + "\nwhole: " + expected);
    }
    for (int at = 0; at <= message.length; at++) {
      String parts = split(heads.get(), message, at, limits);
      if (!parts.equals(expected)) {
        throw new AssertionError("split at " + at + ": " + parts + "\nwhole: " + expected);
      }
    }
    return expected;
  }

  static String describe(MessageHead head, int result, byte[] message) {
    return switch (result) {
      case MessageHead.INCOMPLETE -> "INCOMPLETE";
      case MessageHead.MALFORMED -> head.error().name();
      default -> describe(head, message);
    };
  }

  private static String describe(MessageHead head, byte[] message) {
    StringBuilder out = new StringBuilder();
    switch (head) {
      case RequestHead request -> describe(request, message, out);
      case ResponseHead response -> out.append(response.status());
    }
    out.append(" 1.").append(head.minorVersion());
    out.append(' ').append(head.framing()).append(' ').append(head.contentLength());
    out.append(head.connectionClose() ? " close" : "");
    out.append(head.connectionKeepAlive() ? " keep-alive" : "");
    out.append(head.connectionUpgrade() ? " upgrade" : "");
    out.append(head.persistent() ? " persistent" : "");
    out.append(" length ").append(head.length()).append('\n');
    for (int i = 0; i < head.fieldCount(); i++) {
      out.append(head.known(i)).append(head.named(i) ? "* " : " ");
      out.append(part(message, head.nameStart(i), head.nameEnd(i))).append('=');
      out.append(part(message, head.valueStart(i), head.valueEnd(i)));
      out.append(" to ").append(head.lineEnd(i)).append('\n');
    }
    return out.toString();
  }

  private static void describe(RequestHead head, byte[] message, StringBuilder out) {
    out.append(head.method()).append(' ');
    out.append(part(message, head.startLineStart(), head.methodEnd())).append(' ');
    out.append(part(message, head.targetStart(), head.targetEnd())).append(' ').append(head.form());
    out.append(" authority=").append(part(message, head.authorityStart(), head.authorityEnd()));
    out.append(" host=").append(part(message, head.authorityStart(), head.hostEnd()));
    out.append(" path=").append(part(message, head.pathStart(), head.pathEnd()));
    out.append(" query@").append(head.queryStart()).append(" host#").append(head.hostIndex());
    out.append(head.expectContinue() ? " expects" : "");
  }

  static String part(byte[] message, int from, int to) {
    return text(Arrays.copyOfRange(message, from, to));
  }
}
