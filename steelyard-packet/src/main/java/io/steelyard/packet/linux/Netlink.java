package io.steelyard.packet.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Questions with one answer over a netlink socket (rtnetlink(7)), in the network namespace of the
 * thread that opened it. For one thread.
 */
final class Netlink implements AutoCloseable {
  private static final int AF_NETLINK = 16;
  private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
  private static final int NETLINK_ROUTE = 0;
  private static final int REQUEST = 1;
  private static final int ACKNOWLEDGE = 4;
  private static final int EXCLUSIVE = 0x200;
  private static final int CREATE = 0x400;
  private static final int TYPE_ERROR = 2;
  private static final int HEADER_BYTES = 16;
  private static final int ATTRIBUTE_HEADER_BYTES = 4;
  private static final int ANSWER_BYTES = 32 << 10;

  private final int descriptor;

  /** An answer's fixed part and its attributes by number. */
  static final class Answer {
    private final MemorySegment body;
    private final Map<Integer, MemorySegment> attributes;

    private Answer(MemorySegment body, Map<Integer, MemorySegment> attributes) {
      this.body = body;
      this.attributes = attributes;
    }

    int u8(int offset) {
      return body.get(ValueLayout.JAVA_BYTE, offset) & 0xff;
    }

    int u16(int offset) {
      return body.get(ValueLayout.JAVA_SHORT_UNALIGNED, offset) & 0xffff;
    }

    int i32(int offset) {
      return body.get(ValueLayout.JAVA_INT_UNALIGNED, offset);
    }

    byte @Nullable [] attribute(int number) {
      var value = attributes.get(number);
      return value == null ? null : value.toArray(ValueLayout.JAVA_BYTE);
    }

    int attribute(int number, int otherwise) {
      var value = attributes.get(number);
      return value == null || value.byteSize() < Integer.BYTES
          ? otherwise
          : value.get(ValueLayout.JAVA_INT_UNALIGNED, 0);
    }
  }

  Netlink() {
    int result = SystemCalls.socket(AF_NETLINK, SOCK_RAW_CLOEXEC, NETLINK_ROUTE);
    if (result < 0) {
      throw new IllegalStateException("opening a netlink socket: " + Errno.describe(-result));
    }
    descriptor = result;
  }

  /**
   * Asks.
   *
   * @param body the fixed part of the message, of a multiple of 4 bytes
   * @param attribute number of the attribute that follows it
   * @return null when the kernel says that there is none
   */
  @Nullable Answer ask(int type, MemorySegment body, int attribute, byte[] value, Arena arena) {
    send(type, REQUEST, body, attribute, value, arena);
    return receive(body.byteSize(), arena);
  }

  /**
   * Has something changed.
   *
   * @return 0, or the number of the error
   */
  int command(int type, MemorySegment body, int attribute, byte[] value, Arena arena) {
    int flags = REQUEST | ACKNOWLEDGE | (type % 4 == 0 ? CREATE | EXCLUSIVE : 0);
    send(type, flags, body, attribute, value, arena);
    var answer = arena.allocate(ANSWER_BYTES, Integer.BYTES);
    int length = SystemCalls.receive(descriptor, answer);
    if (length < HEADER_BYTES + Integer.BYTES
        || answer.get(ValueLayout.JAVA_SHORT, 4) != TYPE_ERROR) {
      throw new IllegalStateException(
          "netlink answered " + length + " bytes, and not whether it did it");
    }
    return -answer.get(ValueLayout.JAVA_INT, HEADER_BYTES);
  }

  private void send(
      int type, int flags, MemorySegment body, int attribute, byte[] value, Arena arena) {
    long length = HEADER_BYTES + body.byteSize() + ATTRIBUTE_HEADER_BYTES + value.length;
    var message = arena.allocate(length, Integer.BYTES);
    message.set(ValueLayout.JAVA_INT, 0, (int) length);
    message.set(ValueLayout.JAVA_SHORT, 4, (short) type);
    message.set(ValueLayout.JAVA_SHORT, 6, (short) flags);
    MemorySegment.copy(body, 0, message, HEADER_BYTES, body.byteSize());
    long at = HEADER_BYTES + body.byteSize();
    message.set(ValueLayout.JAVA_SHORT, at, (short) (ATTRIBUTE_HEADER_BYTES + value.length));
    message.set(ValueLayout.JAVA_SHORT, at + 2, (short) attribute);
    MemorySegment.copy(
        value, 0, message, ValueLayout.JAVA_BYTE, at + ATTRIBUTE_HEADER_BYTES, value.length);
    int sent = SystemCalls.send(descriptor, message);
    if (sent < 0) {
      throw new IllegalStateException("asking over netlink: " + Errno.describe(-sent));
    }
  }

  private @Nullable Answer receive(long bodyBytes, Arena arena) {
    var buffer = arena.allocate(ANSWER_BYTES, Integer.BYTES);
    int length = SystemCalls.receive(descriptor, buffer);
    if (length < HEADER_BYTES) {
      throw new IllegalStateException(
          "an answer over netlink: "
              + (length < 0 ? Errno.describe(-length) : length + " bytes, expected 16 or more"));
    }
    if (buffer.get(ValueLayout.JAVA_SHORT, 4) == TYPE_ERROR) {
      return null;
    }
    var answer = buffer.asSlice(HEADER_BYTES, Math.max(bodyBytes, length - HEADER_BYTES));
    return new Answer(answer.asSlice(0, bodyBytes), attributes(answer.asSlice(bodyBytes)));
  }

  private static Map<Integer, MemorySegment> attributes(MemorySegment bytes) {
    var attributes = new HashMap<Integer, MemorySegment>();
    long at = 0;
    while (at + ATTRIBUTE_HEADER_BYTES <= bytes.byteSize()) {
      int length = bytes.get(ValueLayout.JAVA_SHORT_UNALIGNED, at) & 0xffff;
      int number = bytes.get(ValueLayout.JAVA_SHORT_UNALIGNED, at + 2) & 0x3fff;
      if (length < ATTRIBUTE_HEADER_BYTES || at + length > bytes.byteSize()) {
        return attributes;
      }
      attributes.put(
          number,
          bytes.asSlice(at + ATTRIBUTE_HEADER_BYTES, (long) length - ATTRIBUTE_HEADER_BYTES));
      at += (length + 3) & ~3;
    }
    return attributes;
  }

  @Override
  public void close() {
    SystemCalls.close(descriptor);
  }
}
