package io.steelyard.health.probe;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.steelyard.model.DnsProbeSpec;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** One question to a name server and its answer (RFC 1035 section 4.1). */
final class DnsProbe implements Check {
  private static final int HEADER = 12;
  private static final int RECURSION_DESIRED = 0x0100;
  private static final int RESPONSE = 0x8000;
  private static final int INTERNET = 1;
  private static final List<String> CODES =
      List.of(
          "no error",
          "format error",
          "server failure",
          "no such name",
          "not implemented",
          "refused");

  private final DnsProbeSpec spec;
  private final byte[] question;
  private final byte @Nullable [] expected;

  DnsProbe(DnsProbeSpec spec) {
    this.spec = spec;
    this.question = question(spec);
    var address = spec.expectAddress();
    this.expected = address == null ? null : InetAddress.ofLiteral(address).getAddress();
  }

  private static byte[] question(DnsProbeSpec spec) {
    var bytes = new ByteArrayOutputStream();
    for (var label : spec.name().split("\\.", -1)) {
      if (!label.isEmpty()) {
        bytes.write(label.length());
        bytes.writeBytes(label.getBytes(US_ASCII));
      }
    }
    bytes.writeBytes(new byte[] {0, 0, (byte) spec.type().number(), 0, INTERNET});
    return bytes.toByteArray();
  }

  @Override
  public Passed check(ProbeTarget target, Deadline deadline)
      throws ProbeFailure, InterruptedException {
    short id = (short) ThreadLocalRandom.current().nextInt();
    try (var wire = DatagramWire.open(target, deadline)) {
      wire.send(query(id));
      while (true) {
        byte[] answer = wire.receive();
        if (answer == null) {
          throw ProbeFailure.l7("no answer within " + deadline);
        }
        if (answer.length >= HEADER && ByteBuffer.wrap(answer).getShort(0) == id) {
          return judge(ByteBuffer.wrap(answer));
        }
      }
    }
  }

  private byte[] query(short id) {
    return ByteBuffer.allocate(HEADER + question.length)
        .putShort(id)
        .putShort((short) RECURSION_DESIRED)
        .putShort((short) 1)
        .putShort((short) 0)
        .putInt(0)
        .put(question)
        .array();
  }

  private Passed judge(ByteBuffer answer) throws ProbeFailure {
    int flags = answer.getShort(2) & 0xffff;
    int code = flags & 0xf;
    if ((flags & RESPONSE) == 0) {
      throw ProbeFailure.l7("found a question, expected an answer");
    }
    if (code != 0) {
      throw ProbeFailure.l7(code < CODES.size() ? CODES.get(code) : "error " + code);
    }
    List<byte[]> found;
    try {
      found = records(answer);
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw ProbeFailure.l7("the answer ends too early");
    }
    if (found.isEmpty()) {
      throw ProbeFailure.content("no record of type " + spec.type() + " for " + spec.name());
    }
    if (expected != null && found.stream().noneMatch(r -> Arrays.equals(r, expected))) {
      throw ProbeFailure.content(
          "found " + found.size() + " records, expected " + spec.expectAddress() + " among them");
    }
    return Passed.content(found.size() + " records");
  }

  /** The data of the records of the wanted type. */
  private List<byte[]> records(ByteBuffer answer) {
    int questions = answer.getShort(4) & 0xffff;
    int answers = answer.getShort(6) & 0xffff;
    answer.position(HEADER);
    for (int i = 0; i < questions; i++) {
      skipName(answer);
      answer.position(answer.position() + 4);
    }
    var found = new ArrayList<byte[]>();
    for (int i = 0; i < answers; i++) {
      skipName(answer);
      int type = answer.getShort() & 0xffff;
      answer.position(answer.position() + 6);
      var data = new byte[answer.getShort() & 0xffff];
      answer.get(data);
      if (type == spec.type().number()) {
        found.add(data);
      }
    }
    return found;
  }

  private static void skipName(ByteBuffer answer) {
    while (true) {
      int length = answer.get() & 0xff;
      if (length >= 0xc0) { // a pointer to the rest
        answer.get();
        return;
      }
      if (length == 0) {
        return;
      }
      answer.position(answer.position() + length);
    }
  }
}
