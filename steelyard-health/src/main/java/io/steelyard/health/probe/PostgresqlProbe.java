package io.steelyard.health.probe;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.steelyard.model.PostgresqlProbeSpec;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Set;

/**
 * The beginning of a session with PostgreSQL (PostgreSQL manual, "Message Flow", "Start-up"): a
 * request for authentication comes back, or an error. As with {@code pg_isready}, an error about
 * the user or the database still means that the server is well.
 */
final class PostgresqlProbe implements Check {
  private static final int VERSION_3 = 3 << 16;
  private static final int HEADER = 5;
  private static final int MOST = 30_000;

  /**
   * Classes and codes of errors of a server that cannot serve: starting up, shutting down (57P), no
   * resources such as connections left (53), internal error (XX), system error (58).
   */
  private static final Set<String> UNWELL = Set.of("57", "53", "XX", "58");

  private final byte[] startup;

  PostgresqlProbe(PostgresqlProbeSpec spec) {
    var parameters = new ByteArrayOutputStream();
    for (var word : new String[] {"user", spec.user(), "application_name", "steelyard-probe", ""}) {
      parameters.writeBytes(word.getBytes(UTF_8));
      parameters.write(0);
    }
    startup =
        ByteBuffer.allocate(8 + parameters.size())
            .putInt(8 + parameters.size())
            .putInt(VERSION_3)
            .put(parameters.toByteArray())
            .array();
  }

  @Override
  public Passed check(ProbeTarget target, Deadline deadline)
      throws ProbeFailure, InterruptedException {
    try (var wire = Wire.open(target, deadline)) {
      wire.send(startup);
      wire.need(HEADER);
      char kind = (char) wire.peek(0);
      int length = ByteBuffer.wrap(wire.take(HEADER)).getInt(1) - 4;
      if ((kind != 'R' && kind != 'E') || length < 4 || length > MOST) {
        throw ProbeFailure.l7("found a message '" + kind + "', expected an answer of PostgreSQL");
      }
      wire.need(length);
      var content = wire.take(length);
      return kind == 'R' ? Passed.l7("ready for authentication") : error(content);
    }
  }

  /** Fields, each a byte that says which one and a text that ends with 0. */
  private static Passed error(byte[] content) throws ProbeFailure {
    var code = "";
    var message = "";
    for (int at = 0; at < content.length && content[at] != 0; ) {
      int end = at + 1;
      while (end < content.length && content[end] != 0) {
        end++;
      }
      var text = Details.text(content, at + 1, end);
      code = content[at] == 'C' ? text : code;
      message = content[at] == 'M' ? text : message;
      at = end + 1;
    }
    if (code.length() != 5 || UNWELL.contains(code.substring(0, 2))) {
      throw ProbeFailure.l7("the server refuses: " + code + " " + message);
    }
    return Passed.l7("answers " + code + " " + message);
  }
}
