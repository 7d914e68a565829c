package io.steelyard.health.probe;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.steelyard.model.LdapProbeSpec;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A simple bind of LDAP version 3 and its answer (RFC 4511 section 4.2), in BER. Of the answer only
 * the first number is looked at: the result code.
 */
final class LdapProbe implements Check {
  private static final int SEQUENCE = 0x30;
  private static final int INTEGER = 0x02;
  private static final int OCTETS = 0x04;
  private static final int ENUMERATED = 0x0a;
  private static final int BIND_REQUEST = 0x60;
  private static final int BIND_RESPONSE = 0x61;
  private static final int UNBIND_REQUEST = 0x42;
  private static final int SIMPLE = 0x80;

  private final @Nullable Tls tls;
  private final byte[] request;

  LdapProbe(LdapProbeSpec spec) {
    tls = Tls.of(spec.tls());
    var bind =
        join(
            element(INTEGER, new byte[] {3}),
            element(OCTETS, spec.user().getBytes(UTF_8)),
            element(SIMPLE, spec.password().getBytes(UTF_8)));
    request =
        element(SEQUENCE, join(element(INTEGER, new byte[] {1}), element(BIND_REQUEST, bind)));
  }

  @Override
  public Passed check(ProbeTarget target, Deadline deadline)
      throws ProbeFailure, InterruptedException {
    try (var wire = Wire.open(target, tls, deadline)) {
      wire.send(request);
      enter(wire, SEQUENCE);
      skip(wire, INTEGER);
      enter(wire, BIND_RESPONSE);
      int length = enter(wire, ENUMERATED);
      wire.need(length);
      var code = wire.take(length);
      int result = length == 1 ? code[0] & 0xff : -1;
      if (result != 0) {
        throw ProbeFailure.l7("the bind ended with result " + result + ", expected 0, success");
      }
      wire.send(
          element(
              SEQUENCE,
              join(element(INTEGER, new byte[] {2}), element(UNBIND_REQUEST, new byte[0]))));
      return Passed.l7("bound");
    }
  }

  /** Takes an element's head; returns the length of what is within. */
  private static int enter(Wire wire, int tag) throws ProbeFailure, InterruptedException {
    wire.need(2);
    if (wire.peek(0) != tag) {
      throw ProbeFailure.l7(
          "found a byte %02x, expected %02x of LDAP".formatted(wire.peek(0), tag));
    }
    int first = wire.peek(1);
    int bytes = first < 0x80 ? 0 : first & 0x7f;
    if (bytes > 4) {
      throw ProbeFailure.l7("found a length of " + bytes + " bytes, expected an answer of LDAP");
    }
    wire.need(2 + bytes);
    long length = bytes == 0 ? first : 0;
    for (int i = 0; i < bytes; i++) {
      length = length << 8 | wire.peek(2 + i);
    }
    if (length > Wire.MOST) {
      throw ProbeFailure.l7("found a length of " + length + ", expected an answer of LDAP");
    }
    wire.take(2 + bytes);
    return (int) length;
  }

  private static void skip(Wire wire, int tag) throws ProbeFailure, InterruptedException {
    int length = enter(wire, tag);
    wire.need(length);
    wire.take(length);
  }

  private static byte[] element(int tag, byte[] content) {
    var bytes = new ByteArrayOutputStream();
    bytes.write(tag);
    if (content.length < 0x80) {
      bytes.write(content.length);
    } else {
      bytes.write(0x84);
      bytes.writeBytes(ByteBuffer.allocate(4).putInt(content.length).array());
    }
    bytes.writeBytes(content);
    return bytes.toByteArray();
  }

  private static byte[] join(byte[]... parts) {
    var bytes = new ByteArrayOutputStream();
    for (var part : parts) {
      bytes.writeBytes(part);
    }
    return bytes.toByteArray();
  }
}
