package io.steelyard.health.probe;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.steelyard.model.GrpcProbeSpec;
import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Calls {@code grpc.health.v1.Health/Check} (gRPC Health Checking Protocol) on an HTTP/2 connection
 * of its own (RFC 9113).
 */
final class GrpcProbe implements Check {
  private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(UTF_8);
  private static final byte[] NO_PUSH = {0, 2, 0, 0, 0, 0};
  private static final int SERVING = 1;
  private static final String[] HEALTH = {"UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"};
  private static final int LONGEST_PREFIX = 127;

  private final GrpcProbeSpec spec;
  private final @Nullable Tls tls;

  GrpcProbe(GrpcProbeSpec spec) {
    this.spec = spec;
    this.tls = Tls.of(spec.tls(), "h2");
  }

  @Override
  public Passed check(ProbeTarget target, Deadline deadline)
      throws ProbeFailure, InterruptedException {
    try (var wire = Wire.open(target, tls, deadline)) {
      wire.send(request(target, deadline));
      var answer = new GrpcAnswer(wire);
      answer.read();
      int health = health(answer.message());
      if (health != SERVING) {
        throw ProbeFailure.content(name(health) + ", expected SERVING");
      }
      return Passed.l7("SERVING");
    }
  }

  private static String name(int health) {
    return health >= 0 && health < HEALTH.length ? HEALTH[health] : "status " + health;
  }

  private byte[] request(ProbeTarget target, Deadline deadline) {
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes(PREFACE);
    bytes.writeBytes(Frame.bytes(Frame.SETTINGS, 0, 0, NO_PUSH));
    bytes.writeBytes(Frame.bytes(Frame.HEADERS, Frame.END_HEADERS, 1, head(target, deadline)));
    bytes.writeBytes(Frame.bytes(Frame.DATA, Frame.END_STREAM, 1, message()));
    return bytes.toByteArray();
  }

  private byte[] head(ProbeTarget target, Deadline deadline) {
    var authority = spec.authority();
    var block = new ByteArrayOutputStream();
    field(block, ":method", "POST");
    field(block, ":scheme", tls == null ? "http" : "https");
    field(block, ":path", "/grpc.health.v1.Health/Check");
    field(block, ":authority", authority == null ? target.named().toString() : authority);
    field(block, "te", "trailers");
    field(block, "content-type", "application/grpc");
    field(block, "user-agent", "steelyard-probe");
    field(block, "grpc-timeout", deadline.millisLeft() + "m");
    return block.toByteArray();
  }

  /** A literal that enters no table, without Huffman's code (RFC 7541 section 6.2.2). */
  private static void field(ByteArrayOutputStream block, String name, String value) {
    block.write(0);
    text(block, name.getBytes(UTF_8));
    text(block, value.getBytes(UTF_8));
  }

  private static void text(ByteArrayOutputStream block, byte[] text) {
    block.write(Math.min(text.length, LONGEST_PREFIX));
    int rest = text.length - LONGEST_PREFIX;
    if (rest >= 0) {
      varint(block, rest);
    }
    block.writeBytes(text);
  }

  private static void varint(ByteArrayOutputStream out, int value) {
    int rest = value;
    for (; rest > 0x7f; rest >>>= 7) {
      out.write(0x80 | (rest & 0x7f));
    }
    out.write(rest);
  }

  /** {@code message HealthCheckRequest { string service = 1; }}, not compressed. */
  private byte[] message() {
    var content = new ByteArrayOutputStream();
    byte[] service = spec.service().getBytes(UTF_8);
    if (service.length > 0) {
      content.write(1 << 3 | 2);
      varint(content, service.length);
      content.writeBytes(service);
    }
    var message = new ByteArrayOutputStream();
    message.write(0);
    message.writeBytes(Frame.fourBytes(content.size()));
    message.writeBytes(content.toByteArray());
    return message.toByteArray();
  }

  /** The first field of {@code message HealthCheckResponse { ServingStatus status = 1; }}. */
  private static int health(byte[] message) throws ProbeFailure {
    int at = 5;
    if (message.length < at || message[0] != 0) {
      throw ProbeFailure.l7("found " + message.length + " bytes, expected a message of health");
    }
    if (message.length == at) {
      return 0; // what is not sent is zero
    }
    if (message.length != at + 2 || message[at] != 1 << 3 || message[at + 1] < 0) {
      throw ProbeFailure.l7("found another message, expected one of health");
    }
    return message[at + 1];
  }
}
