package io.steelyard.health.probe;

import java.io.ByteArrayOutputStream;

/**
 * A frame of HTTP/2 (RFC 9113 section 4.1).
 *
 * @param payload without padding and priority
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Frame(int type, int flags, int stream, byte[] payload) {
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int CONTINUATION = 9;

  static final int END_STREAM = 1;
  static final int ACK = 1;
  static final int END_HEADERS = 4;
  private static final int PADDED = 8;
  private static final int PRIORITY = 0x20;

  private static final int HEAD = 9;
  private static final int LONGEST = 16_384;

  boolean has(int flag) {
    return (flags & flag) != 0;
  }

  /** Four bytes of the payload. */
  int number(int at) throws ProbeFailure {
    if (payload.length < at + 4) {
      throw ProbeFailure.l7("a frame of type " + type + " is too short");
    }
    return (payload[at] & 0xff) << 24
        | (payload[at + 1] & 0xff) << 16
        | (payload[at + 2] & 0xff) << 8
        | (payload[at + 3] & 0xff);
  }

  static byte[] bytes(int type, int flags, int stream, byte[] payload) {
    var bytes = new ByteArrayOutputStream(HEAD + payload.length);
    bytes.write(payload.length >> 16);
    bytes.write(payload.length >> 8);
    bytes.write(payload.length);
    bytes.write(type);
    bytes.write(flags);
    bytes.writeBytes(fourBytes(stream));
    bytes.writeBytes(payload);
    return bytes.toByteArray();
  }

  static byte[] fourBytes(int value) {
    return new byte[] {
      (byte) (value >> 24), (byte) (value >> 16), (byte) (value >> 8), (byte) value
    };
  }

  /** The next frame of a connection. */
  static Frame read(Wire wire) throws ProbeFailure, InterruptedException {
    wire.need(HEAD);
    int length = wire.peek(0) << 16 | wire.peek(1) << 8 | wire.peek(2);
    if (length > LONGEST) {
      throw ProbeFailure.l7("found " + Details.quote(wire.unread()) + ", expected HTTP/2");
    }
    wire.need(HEAD + length);
    byte[] head = wire.take(HEAD);
    byte[] payload = wire.take(length);
    var whole = new Frame(head[3], head[4] & 0xff, 0, head).number(5);
    return new Frame(head[3], head[4] & 0xff, whole & Integer.MAX_VALUE, payload).bare();
  }

  private Frame bare() throws ProbeFailure {
    if (type != DATA && type != HEADERS) {
      return this;
    }
    int from = (has(PADDED) ? 1 : 0) + (type == HEADERS && has(PRIORITY) ? 5 : 0);
    int padding = has(PADDED) && payload.length > 0 ? payload[0] & 0xff : 0;
    if (from + padding > payload.length) {
      throw ProbeFailure.l7("a frame of type " + type + " has more padding than it is long");
    }
    return new Frame(
        type, flags, stream, java.util.Arrays.copyOfRange(payload, from, payload.length - padding));
  }
}
