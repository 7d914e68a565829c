package io.steelyard.health.probe;

import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The answer to a probe's HTTP/1.1 request (RFC 9112), read from its connection: the head, and the
 * body when somebody asks for it, up to {@link Wire#MOST} bytes.
 */
final class HttpAnswer {
  private static final int MOST_FIELDS = 200;
  private static final int MOST_INTERIM = 10;

  private final Wire wire;
  private final int status;
  private final Map<String, String> fields;

  private HttpAnswer(Wire wire, int status, Map<String, String> fields) {
    this.wire = wire;
    this.status = status;
    this.fields = fields;
  }

  /** Reads the head; interim answers before it are passed over. */
  static HttpAnswer read(Wire wire) throws ProbeFailure, InterruptedException {
    for (int i = 0; i < MOST_INTERIM; i++) {
      int status = status(wire.line());
      var fields = fields(wire);
      if (status >= 200) {
        return new HttpAnswer(wire, status, fields);
      }
    }
    throw ProbeFailure.l7("more than " + MOST_INTERIM + " interim answers");
  }

  private static int status(String line) throws ProbeFailure {
    boolean isStatusLine =
        line.length() >= 12
            && line.startsWith("HTTP/1.")
            && line.charAt(8) == ' '
            && line.substring(9, 12).chars().allMatch(c -> c >= '0' && c <= '9')
            && (line.length() == 12 || line.charAt(12) == ' ')
            && line.charAt(9) >= '1';
    if (!isStatusLine) {
      throw ProbeFailure.l7("found " + Details.quote(line) + ", expected an HTTP/1.1 status line");
    }
    return Integer.parseInt(line.substring(9, 12));
  }

  private static Map<String, String> fields(Wire wire) throws ProbeFailure, InterruptedException {
    var fields = new HashMap<String, String>();
    for (int i = 0; i < MOST_FIELDS; i++) {
      var line = wire.line();
      if (line.isEmpty()) {
        return fields;
      }
      int colon = line.indexOf(':');
      if (colon < 1) {
        throw ProbeFailure.l7("found " + Details.quote(line) + ", expected a header field");
      }
      fields.putIfAbsent(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    throw ProbeFailure.l7("more than " + MOST_FIELDS + " header fields");
  }

  int status() {
    return status;
  }

  /** The value of the first header field of this name; empty when there is none. */
  String field(String name) {
    return fields.getOrDefault(name.toLowerCase(Locale.ROOT), "");
  }

  /** Reads the body. Only once. */
  String body() throws ProbeFailure, InterruptedException {
    if (field("transfer-encoding").equalsIgnoreCase("chunked")) {
      return chunks();
    }
    var length = field("content-length");
    long wanted = length.isEmpty() ? Long.MAX_VALUE : length(length, 10);
    while (wire.available() < wanted && wire.more()) {
      // until it is complete, or ends, or is more than anybody looks at
    }
    if (!length.isEmpty() && wire.available() < wanted && !wire.isFull()) {
      throw ProbeFailure.l7(
          "the body ended after " + wire.available() + " of " + wanted + " bytes");
    }
    var bytes = wire.take((int) Math.min(wanted, wire.available()));
    return Details.text(bytes, 0, bytes.length);
  }

  private String chunks() throws ProbeFailure, InterruptedException {
    var body = new ByteArrayOutputStream();
    while (true) {
      var line = wire.line();
      int semicolon = line.indexOf(';');
      long size = length((semicolon < 0 ? line : line.substring(0, semicolon)).strip(), 16);
      if (size == 0) {
        break;
      }
      while (wire.available() < size + 2 && wire.more()) {
        // until the chunk is complete
      }
      boolean cut = wire.available() < size + 2;
      if (cut && !wire.isFull()) {
        throw ProbeFailure.l7("the body ended within a chunk");
      }
      body.writeBytes(wire.take((int) Math.min(size, wire.available())));
      if (cut) {
        break;
      }
      wire.take(2);
    }
    var bytes = body.toByteArray();
    return Details.text(bytes, 0, bytes.length);
  }

  private static long length(String digits, int radix) throws ProbeFailure {
    try {
      long length = Long.parseLong(digits, radix);
      if (length >= 0 && digits.charAt(0) != '+') {
        return length;
      }
    } catch (NumberFormatException e) {
      // the same as a negative one
    }
    throw ProbeFailure.l7("found " + Details.quote(digits) + ", expected the length of a body");
  }
}
