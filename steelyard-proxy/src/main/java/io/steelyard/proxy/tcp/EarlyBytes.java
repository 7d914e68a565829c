package io.steelyard.proxy.tcp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.steelyard.codec.tls.ClientHello;
import io.steelyard.proxy.listen.Agreed;
import org.jspecify.annotations.Nullable;

/**
 * What has come of a client so far, as conditions of routes look at it. One for each connection
 * that is looked at; belongs to its event loop.
 */
final class EarlyBytes {
  private final ClientHello hello = new ClientHello();
  private final @Nullable Agreed agreed;
  private ByteBuf bytes = Unpooled.EMPTY_BUFFER;

  /**
   * @param agreed what was agreed on in a handshake that is over; null when TLS was not ended here
   */
  EarlyBytes(@Nullable Agreed agreed) {
    this.agreed = agreed;
  }

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

  /** The first bytes, as many as are there of {@code most}, each as a character. */
  String text(int most) {
    return bytes.toString(bytes.readerIndex(), Math.min(most, length()), ISO_8859_1);
  }

  /** How far the TLS client's first message is there. */
  ClientHello.Status tls() {
    return agreed == null
        ? hello.parse(bytes, bytes.readerIndex(), bytes.writerIndex())
        : ClientHello.Status.COMPLETE;
  }

  /** The name that the client asks for; null when it names nothing, or that is not known yet. */
  @Nullable String serverName() {
    return agreed == null ? hello.serverName() : agreed.serverName();
  }

  /** Whether the client offers this protocol, or has agreed on it. */
  boolean offers(String protocol) {
    return agreed == null
        ? hello.protocols().contains(protocol)
        : protocol.equals(agreed.protocol());
  }
}
