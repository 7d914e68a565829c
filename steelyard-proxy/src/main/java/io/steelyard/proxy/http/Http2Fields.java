package io.steelyard.proxy.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.ReadOnlyHttp2Headers;
import io.netty.util.AsciiString;
import io.steelyard.codec.http1.FieldName;
import io.steelyard.codec.http1.MessageHead;
import io.steelyard.codec.http1.RequestHead;
import io.steelyard.codec.http1.ResponseHead;
import java.util.ArrayList;
import java.util.List;

/** Turns the head of an HTTP/1.1 message into the fields of an HTTP/2 one. */
final class Http2Fields {
  private static final AsciiString CONTENT_TYPE = AsciiString.cached("content-type");
  private static final AsciiString TE = AsciiString.cached("te");
  private static final AsciiString TRAILERS = AsciiString.cached("trailers");
  private static final AsciiString CONNECT = AsciiString.cached("CONNECT");
  private static final AsciiString PROTOCOL = AsciiString.cached(":protocol");
  private static final AsciiString WEBSOCKET = AsciiString.cached("websocket");
  private static final AsciiString WEBSOCKET_ACCEPT = AsciiString.cached("sec-websocket-accept");
  private static final AsciiString[] STATUSES = new AsciiString[600];

  static {
    for (int i = 100; i < STATUSES.length; i++) {
      STATUSES[i] = AsciiString.cached(Integer.toString(i));
    }
  }

  private Http2Fields() {}

  static AsciiString status(int status) {
    return STATUSES[status];
  }

  /**
   * The fields of a head that begins at {@code message}'s reader index.
   *
   * @param lengthless without the length of an empty body
   */
  static Http2Headers of(ResponseHead head, ByteBuf message, boolean lengthless) {
    List<AsciiString> fields = new ArrayList<>(2 * head.fieldCount());
    int start = message.readerIndex();
    for (int i = 0; i < head.fieldCount(); i++) {
      if (!isOfConnection(head, i) && !(lengthless && head.known(i) == FieldName.CONTENT_LENGTH)) {
        fields.add(name(message, start + head.nameStart(i), start + head.nameEnd(i)));
        fields.add(text(message, start + head.valueStart(i), start + head.valueEnd(i)));
      }
    }
    return ReadOnlyHttp2Headers.serverHeaders(
        false, status(head.status()), fields.toArray(AsciiString[]::new));
  }

  /**
   * The fields of a request's head that begins at {@code message}'s reader index.
   *
   * @param scheme of the connection to the endpoint
   */
  static Http2Headers of(RequestHead head, ByteBuf message, AsciiString scheme) {
    List<AsciiString> fields = new ArrayList<>(2 * head.fieldCount() + 2);
    int start = message.readerIndex();
    for (int i = 0; i < head.fieldCount(); i++) {
      if (!isOfConnection(head, i) && head.known(i) != FieldName.HOST) {
        AsciiString name = name(message, start + head.nameStart(i), start + head.nameEnd(i));
        AsciiString value = text(message, start + head.valueStart(i), start + head.valueEnd(i));
        fields.add(name);
        fields.add(value);
        if (CONTENT_TYPE.contentEquals(name) && Grpc.isType(value)) {
          fields.add(TE); // we pass trailers on, which gRPC asks for
          fields.add(TRAILERS);
        }
      }
    }
    return ReadOnlyHttp2Headers.clientHeaders(
        false,
        text(message, start + head.startLineStart(), start + head.methodEnd()),
        text(message, start + head.targetStart(), start + head.targetEnd()),
        scheme,
        text(message, start + head.authorityStart(), start + head.authorityEnd()),
        fields.toArray(AsciiString[]::new));
  }

  /** The fields of a request for a WebSocket, as it is asked for in HTTP/2 (RFC 8441). */
  static Http2Headers ofTunnel(RequestHead head, ByteBuf message, AsciiString scheme) {
    Http2Headers headers = new DefaultHttp2Headers(false).set(of(head, message, scheme));
    headers.remove(WebSocketKey.NAME);
    return headers.method(CONNECT).set(PROTOCOL, WEBSOCKET);
  }

  /** The fields of an answer 101, as they are where tunnels begin with a 200 (RFC 8441). */
  static Http2Headers ofTunnel(ResponseHead head, ByteBuf message) {
    Http2Headers headers = new DefaultHttp2Headers(false).set(of(head, message, true));
    headers.remove(WEBSOCKET_ACCEPT); // tells of the key, which was ours
    return headers.status(status(200));
  }

  private static boolean isOfConnection(MessageHead head, int field) {
    FieldName name = head.known(field);
    return switch (name) {
      case CONNECTION, KEEP_ALIVE, PROXY_CONNECTION, UPGRADE, TRANSFER_ENCODING, TE -> true;
      default -> head.named(field);
    };
  }

  /** The trailers in the lines of [from, to), which are known to be well-formed. */
  static Http2Headers trailers(ByteBuf lines, int from, int to) {
    Http2Headers trailers = new DefaultHttp2Headers(false, 8);
    int at = from;
    while (at < to) {
      int end = lines.indexOf(at, to, (byte) '\r');
      int colon = lines.indexOf(at, to, (byte) ':');
      if (end < 0 || colon < 0) {
        break;
      }
      int valueFrom = colon + 1;
      int valueTo = end;
      while (valueFrom < valueTo && isBlank(lines.getByte(valueFrom))) {
        valueFrom++;
      }
      while (valueTo > valueFrom && isBlank(lines.getByte(valueTo - 1))) {
        valueTo--;
      }
      trailers.add(name(lines, at, colon), text(lines, valueFrom, valueTo));
      at = end + 2;
    }
    return trailers;
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t';
  }

  /** In lower case, as HTTP/2 has all names. */
  private static AsciiString name(ByteBuf buf, int from, int to) {
    byte[] bytes = ByteBufUtil.getBytes(buf, from, to - from);
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] >= 'A' && bytes[i] <= 'Z') {
        bytes[i] |= 0x20;
      }
    }
    return new AsciiString(bytes, false);
  }

  private static AsciiString text(ByteBuf buf, int from, int to) {
    return new AsciiString(ByteBufUtil.getBytes(buf, from, to - from), false);
  }
}
