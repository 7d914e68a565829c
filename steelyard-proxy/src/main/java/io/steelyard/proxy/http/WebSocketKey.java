package io.steelyard.proxy.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.util.AsciiString;
import io.steelyard.codec.http1.FieldName;
import io.steelyard.codec.http1.RequestHead;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Stands in for an endpoint that is asked for a WebSocket without a key, as HTTP/2 does. */
final class WebSocketKey {
  static final AsciiString NAME = AsciiString.cached("sec-websocket-key");

  private static final AsciiString PROTOCOL = AsciiString.cached("websocket");
  private static final byte[] GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11".getBytes(US_ASCII);

  private WebSocketKey() {}

  /**
   * The proof that a client of HTTP/1.1 expects for the key that it sent (RFC 6455 section 4.2.2).
   *
   * @param message its head begins at the reader index
   * @return null when it does not ask for a WebSocket
   */
  static @Nullable String proof(RequestHead head, ByteBuf message) {
    int upgrade = head.find(FieldName.UPGRADE);
    if (upgrade < 0 || !PROTOCOL.contentEqualsIgnoreCase(value(head, message, upgrade))) {
      return null;
    }
    for (int i = 0; i < head.fieldCount(); i++) {
      int from = message.readerIndex() + head.nameStart(i);
      int length = head.nameEnd(i) - head.nameStart(i);
      if (length == NAME.length()
          && NAME.contentEqualsIgnoreCase(message.getCharSequence(from, length, US_ASCII))) {
        return proof(value(head, message, i));
      }
    }
    return null;
  }

  private static CharSequence value(RequestHead head, ByteBuf message, int field) {
    int length = head.valueEnd(field) - head.valueStart(field);
    return message.getCharSequence(
        message.readerIndex() + head.valueStart(field), length, US_ASCII);
  }

  static String proof(CharSequence key) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-1");
      digest.update(key.toString().getBytes(US_ASCII));
      return Base64.getEncoder().encodeToString(digest.digest(GUID));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every platform has it
    }
  }
}
