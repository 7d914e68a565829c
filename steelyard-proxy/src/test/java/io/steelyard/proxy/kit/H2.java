package io.steelyard.proxy.kit;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * An end of an HTTP/2 connection, a client's or an endpoint's, blocking, with every frame in the
 * test's hands. Frames of the connection's own (SETTINGS, PING, WINDOW_UPDATE) are answered or
 * passed over when others are waited for.
 */
public final class H2 implements AutoCloseable {
  public static final int DATA = 0;
  public static final int HEADERS = 1;
  public static final int PRIORITY = 2;
  public static final int RST_STREAM = 3;
  public static final int SETTINGS = 4;
  public static final int PING = 6;
  public static final int GOAWAY = 7;
  public static final int WINDOW_UPDATE = 8;
  public static final int CONTINUATION = 9;
  public static final int END_STREAM = 1;
  public static final int END_HEADERS = 4;

  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

  private final Wire wire;
  private final DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder();
  private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false, 1 << 20);

  /** One frame. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Frame(int type, int flags, int stream, byte[] payload) {
    public boolean ends() {
      return (flags & END_STREAM) != 0;
    }

    public int code() {
      return ByteBuffer.wrap(payload).getInt(type == GOAWAY ? 4 : 0);
    }

    public String text() {
      return new String(payload, StandardCharsets.ISO_8859_1);
    }
  }

  /** An answer as a whole. */
  public record Answer(Http2Headers headers, String body, Http2Headers trailers) {
    public int status() {
      return Integer.parseInt(headers.status().toString());
    }
  }

  private H2(Wire wire) {
    this.wire = wire;
  }

  /** Begins with the preface and empty settings. */
  public static H2 on(Wire wire) throws IOException {
    H2 client = new H2(wire);
    wire.send(PREFACE);
    client.send(SETTINGS, 0, 0, new byte[0]);
    return client;
  }

  /**
   * An endpoint's end: takes the client's preface and sends settings.
   *
   * @param settings each setting's id, then its value
   */
  public static H2 serving(Wire wire, int... settings) throws IOException {
    H2 endpoint = new H2(wire);
    wire.expect(PREFACE);
    ByteBuffer payload = ByteBuffer.allocate(settings.length * 3);
    for (int i = 0; i < settings.length; i += 2) {
      payload.putShort((short) settings[i]).putInt(settings[i + 1]);
    }
    return endpoint.send(SETTINGS, 0, 0, payload.array());
  }

  /** A request as a whole, as an endpoint sees it. */
  public record Request(int stream, Http2Headers headers, String body, Http2Headers trailers) {
    public String path() {
      return String.valueOf(headers.path());
    }
  }

  /** The next request, whole; but for resets, nothing of another may come between. */
  public Request request() throws IOException {
    Frame frame = next();
    while (frame.type() == RST_STREAM) {
      frame = next();
    }
    if (frame.type() == GOAWAY) {
      throw new EOFException("the connection ends, expected a request");
    }
    Http2Headers headers = decode(frame);
    int stream = frame.stream();
    StringBuilder body = new StringBuilder();
    Http2Headers trailers = new DefaultHttp2Headers(false);
    while (!frame.ends()) {
      frame = next();
      assertThat(frame.stream()).as("stream of %s", frame).isEqualTo(stream);
      if (frame.type() == HEADERS) {
        trailers = decode(frame);
      } else {
        assertThat(frame.type()).isEqualTo(DATA);
        body.append(frame.text());
        if (!frame.ends()) {
          windows(stream, frame.payload().length);
        }
      }
    }
    return new Request(stream, headers, body.toString(), trailers);
  }

  /** The head of an answer. */
  public static Http2Headers answering(int status) {
    return new DefaultHttp2Headers(false).status(Integer.toString(status));
  }

  /** Answers with a body. */
  public H2 reply(int stream, int status, String body) throws IOException {
    return headers(stream, answering(status), false).data(stream, body, true);
  }

  /** The connection takes no more than the streams up to that one. */
  public H2 goAway(int last, int code) throws IOException {
    return send(GOAWAY, 0, 0, ByteBuffer.allocate(8).putInt(last).putInt(code).array());
  }

  public H2 reset(int stream, int code) throws IOException {
    return send(RST_STREAM, 0, stream, ByteBuffer.allocate(4).putInt(code).array());
  }

  public Wire wire() {
    return wire;
  }

  public H2 send(int type, int flags, int stream, byte[] payload) throws IOException {
    ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
    frame.putInt((payload.length << 8) | type).put((byte) flags).putInt(stream).put(payload);
    wire.send(frame.array());
    return this;
  }

  public static Http2Headers request(String method, String path) {
    return new DefaultHttp2Headers(false)
        .method(method)
        .scheme("http")
        .authority("a.example.com")
        .path(path);
  }

  public byte[] encode(Http2Headers headers) throws IOException {
    ByteBuf block = Unpooled.buffer();
    try {
      encoder.encodeHeaders(1, headers, block);
      return ByteBufUtil.getBytes(block);
    } catch (Http2Exception e) {
      throw new IOException(e);
    } finally {
      block.release();
    }
  }

  public H2 headers(int stream, Http2Headers headers, boolean ends) throws IOException {
    return send(HEADERS, END_HEADERS | (ends ? END_STREAM : 0), stream, encode(headers));
  }

  public H2 data(int stream, String text, boolean ends) throws IOException {
    return send(DATA, ends ? END_STREAM : 0, stream, text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** The next frame, whatever it is. */
  public Frame any() throws IOException {
    byte[] head = wire.bytes(9);
    if (head.length < 9) {
      throw new EOFException("the connection has ended, expected a frame");
    }
    ByteBuffer buffer = ByteBuffer.wrap(head);
    int lengthAndType = buffer.getInt();
    int flags = buffer.get();
    int stream = buffer.getInt();
    return new Frame(lengthAndType & 0xff, flags, stream, wire.bytes(lengthAndType >>> 8));
  }

  /** The next frame that is not one of the connection's own. */
  public Frame next() throws IOException {
    while (true) {
      Frame frame = any();
      boolean own =
          frame.type() == SETTINGS || frame.type() == WINDOW_UPDATE || frame.type() == PING;
      if (frame.type() == SETTINGS && frame.flags() == 0) {
        send(SETTINGS, 1, 0, new byte[0]);
      }
      if (!own) {
        return frame;
      }
    }
  }

  public Http2Headers decode(Frame frame) throws IOException {
    assertThat(frame.type()).isEqualTo(HEADERS);
    ByteBuf block = Unpooled.wrappedBuffer(frame.payload());
    try {
      return decoder.decodeHeaders(frame.stream(), block);
    } catch (Http2Exception e) {
      throw new IOException(e);
    } finally {
      block.release();
    }
  }

  /** The whole answer on a stream; nothing of another may come between. */
  public Answer answer(int stream) throws IOException {
    Frame frame = next();
    assertThat(frame.stream()).as("stream of %s", frame).isEqualTo(stream);
    Http2Headers headers = decode(frame);
    StringBuilder body = new StringBuilder();
    Http2Headers trailers = new DefaultHttp2Headers(false);
    while (!frame.ends()) {
      frame = next();
      if (frame.type() == HEADERS) {
        trailers = decode(frame);
      } else {
        assertThat(frame.type()).isEqualTo(DATA);
        body.append(frame.text());
        if (!frame.ends()) {
          windows(stream, frame.payload().length);
        }
      }
    }
    return new Answer(headers, body.toString(), trailers);
  }

  private void windows(int stream, int bytes) throws IOException {
    if (bytes > 0) {
      window(0, bytes);
      window(stream, bytes);
    }
  }

  /** Lets the other end send so many bytes more. */
  public H2 window(int stream, int bytes) throws IOException {
    return send(WINDOW_UPDATE, 0, stream, ByteBuffer.allocate(4).putInt(bytes).array());
  }

  @Override
  public void close() throws IOException {
    wire.close();
  }
}
