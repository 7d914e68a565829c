package io.steelyard.health.probe;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/** What comes back on stream 1 of an HTTP/2 connection. Used by one thread. */
final class GrpcAnswer {
  private static final int MOST_FIELDS = 16_384;
  private static final String[] STATUS = {
    "OK",
    "CANCELLED",
    "UNKNOWN",
    "INVALID_ARGUMENT",
    "DEADLINE_EXCEEDED",
    "NOT_FOUND",
    "ALREADY_EXISTS",
    "PERMISSION_DENIED",
    "RESOURCE_EXHAUSTED",
    "FAILED_PRECONDITION",
    "ABORTED",
    "OUT_OF_RANGE",
    "UNIMPLEMENTED",
    "INTERNAL",
    "UNAVAILABLE",
    "DATA_LOSS",
    "UNAUTHENTICATED"
  };

  private final Wire wire;
  private final DefaultHttp2HeadersDecoder decoder =
      new DefaultHttp2HeadersDecoder(false, MOST_FIELDS);
  private final ByteArrayOutputStream block = new ByteArrayOutputStream();
  private final ByteArrayOutputStream data = new ByteArrayOutputStream();
  private @Nullable String httpStatus;
  private @Nullable String status;
  private String text = "";
  private boolean endsWithBlock;
  private boolean ended;

  GrpcAnswer(Wire wire) {
    this.wire = wire;
  }

  /** Reads to the end of the stream. Fails unless the call's status is OK. */
  void read() throws ProbeFailure, InterruptedException {
    while (!ended) {
      take(Frame.read(wire));
    }
    if (!"200".equals(httpStatus)) {
      throw ProbeFailure.l7("status " + httpStatus + ", expected 200");
    }
    if (!"0".equals(status)) {
      throw ProbeFailure.l7("gRPC status " + named(status) + ", expected OK");
    }
  }

  /** The call's message with its prefix; empty when there was none. */
  byte[] message() {
    return data.toByteArray();
  }

  private String named(@Nullable String code) {
    if (code == null) {
      return "missing";
    }
    boolean known = code.matches("[0-9]{1,2}") && Integer.parseInt(code) < STATUS.length;
    String name = known ? code + " " + STATUS[Integer.parseInt(code)] : Details.quote(code);
    return text.isEmpty() ? name : name + " (" + text + ")";
  }

  private void take(Frame frame) throws ProbeFailure, InterruptedException {
    switch (frame.type()) {
      case Frame.SETTINGS -> acknowledge(frame, new byte[0]);
      case Frame.PING -> acknowledge(frame, frame.payload());
      case Frame.GOAWAY -> goAway(frame);
      case Frame.RST_STREAM ->
          throw ProbeFailure.l7("the stream was reset, error " + frame.number(0));
      case Frame.DATA -> {
        data.writeBytes(frame.payload());
        ended = frame.has(Frame.END_STREAM);
      }
      case Frame.HEADERS -> {
        endsWithBlock = frame.has(Frame.END_STREAM);
        fields(frame);
      }
      case Frame.CONTINUATION -> fields(frame);
      default -> {} // RFC 9113 section 5.5: unknown ones are passed over
    }
  }

  private void acknowledge(Frame frame, byte[] payload) throws ProbeFailure, InterruptedException {
    if (!frame.has(Frame.ACK)) {
      wire.send(Frame.bytes(frame.type(), Frame.ACK, 0, payload));
    }
  }

  private static void goAway(Frame frame) throws ProbeFailure {
    if (frame.number(0) < 1 || frame.number(4) != 0) {
      throw ProbeFailure.l7("the connection was ended, error " + frame.number(4));
    }
  }

  private void fields(Frame frame) throws ProbeFailure {
    block.writeBytes(frame.payload());
    if (!frame.has(Frame.END_HEADERS)) {
      return;
    }
    try {
      look(decoder.decodeHeaders(1, Unpooled.wrappedBuffer(block.toByteArray())));
    } catch (Http2Exception e) {
      throw ProbeFailure.l7("fields cannot be read: " + e.getMessage());
    }
    block.reset();
    ended = endsWithBlock;
  }

  private void look(Http2Headers fields) {
    CharSequence http = fields.status();
    CharSequence grpc = fields.get("grpc-status");
    CharSequence message = fields.get("grpc-message");
    httpStatus = http == null ? httpStatus : http.toString();
    status = grpc == null ? status : grpc.toString();
    text = message == null ? text : message.toString();
  }
}
