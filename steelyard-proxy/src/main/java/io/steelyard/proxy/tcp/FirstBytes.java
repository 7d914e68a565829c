package io.steelyard.proxy.tcp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.steelyard.codec.tls.ClientHello;
import org.jspecify.annotations.Nullable;

/**
 * What has come of a client so far, as conditions of routes look at it. One for each connection
 * that is looked at; belongs to its event loop.
 */
final class FirstBytes {
  private final ClientHello hello = new ClientHello();
  private ByteBuf bytes = Unpooled.EMPTY_BUFFER;

  /** These bytes are there, those of earlier calls first. Lent until the next call. */
  void set(@Nullable ByteBuf now) {
    bytes = now == null ? Unpooled.EMPTY_BUFFER : now;
  }

  int length() {
    return bytes.readableBytes();
  }

  byte at(int index) {
    return bytes.getByte(bytes.readerIndex() + index);
  }

  ByteBuf bytes() {
    return bytes;
  }

  /** How far the TLS client's first message is there. */
  ClientHello.Status tls() {
    return hello.parse(bytes, bytes.readerIndex(), bytes.writerIndex());
  }

  ClientHello hello() {
    return hello;
  }
}
