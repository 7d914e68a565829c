package io.steelyard.proxy.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;

/** What a client begins with that knows the server to speak HTTP/2 (RFC 9113 section 3.4). */
final class Http2Preface {
  private static final byte[] BYTES = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII);

  private Http2Preface() {}

  /** Could these bytes, a whole line at least, begin an HTTP/2 connection? */
  static boolean begins(ByteBuf bytes) {
    int length = Math.min(BYTES.length, bytes.readableBytes());
    for (int i = 0; i < length; i++) {
      if (bytes.getByte(bytes.readerIndex() + i) != BYTES[i]) {
        return false;
      }
    }
    return length > 0;
  }
}
