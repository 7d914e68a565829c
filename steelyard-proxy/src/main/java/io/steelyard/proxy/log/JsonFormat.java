package io.steelyard.proxy.log;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;

import io.steelyard.proxy.log.AccessRecord.Text;
import io.steelyard.proxy.stats.Reason;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.EnumMap;
import java.util.Map;

/**
 * One JSON object per line (RFC 8259), always with the same keys in the same order; what is unknown
 * is {@code null}.
 *
 * <table>
 *   <caption>Keys</caption>
 *   <tr><td>time<td>when the request's first byte came: RFC 3339, UTC, milliseconds
 *   <tr><td>listener<td>its name
 *   <tr><td>client, client_port<td>the address that connected
 *   <tr><td>method, target, host<td>as sent, cut at 32, 4096 and 255 bytes
 *   <tr><td>version<td>{@code "1.0"} or {@code "1.1"}
 *   <tr><td>status<td>of the answer; {@code null} when none was sent
 *   <tr><td>bytes_in, bytes_out<td>received and sent, heads included
 *   <tr><td>duration_ms<td>from the request's first byte to the answer's last
 *   <tr><td>connect_ms<td>connecting to the endpoint, {@code null} when a connection was reused
 *   <tr><td>first_byte_ms<td>from the request's first byte to the first one of the endpoint's answer
 *   <tr><td>pool, endpoint<td>where the request went last
 *   <tr><td>attempts<td>how often it was tried
 *   <tr><td>reason<td>a {@link Reason}; {@code null} when all went well
 *   <tr><td>user_agent, referer<td>as sent, cut at 512 and 1024 bytes
 * </table>
 */
final class JsonFormat implements LineFormat {
  private static final DateTimeFormatter TO_SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.");

  private static final byte[] TIME = ascii("{\"time\":\"");
  private static final byte[] LISTENER = ascii("Z\",\"listener\":");
  private static final byte[] CLIENT = ascii(",\"client\":");
  private static final byte[] CLIENT_PORT = ascii(",\"client_port\":");
  private static final byte[] METHOD = ascii(",\"method\":");
  private static final byte[] TARGET = ascii(",\"target\":");
  private static final byte[] HOST = ascii(",\"host\":");
  private static final byte[] VERSION = ascii(",\"version\":");
  private static final byte[] STATUS = ascii(",\"status\":");
  private static final byte[] BYTES_IN = ascii(",\"bytes_in\":");
  private static final byte[] BYTES_OUT = ascii(",\"bytes_out\":");
  private static final byte[] DURATION = ascii(",\"duration_ms\":");
  private static final byte[] CONNECT = ascii(",\"connect_ms\":");
  private static final byte[] FIRST_BYTE = ascii(",\"first_byte_ms\":");
  private static final byte[] POOL = ascii(",\"pool\":");
  private static final byte[] ENDPOINT = ascii(",\"endpoint\":");
  private static final byte[] ATTEMPTS = ascii(",\"attempts\":");
  private static final byte[] REASON = ascii(",\"reason\":");
  private static final byte[] USER_AGENT = ascii(",\"user_agent\":");
  private static final byte[] REFERER = ascii(",\"referer\":");
  private static final byte[] END = ascii("}\n");
  private static final byte[] NULL = ascii("null");
  private static final byte[] VERSION_2 = ascii("\"2.0");
  private static final byte[] VERSION_1 = ascii("\"1.");

  private static final Map<Reason, byte[]> REASONS = reasons();

  private final SecondCache seconds =
      new SecondCache(
          second -> LocalDateTime.ofEpochSecond(second, 0, ZoneOffset.UTC).format(TO_SECONDS));

  @Override
  public void append(LoggedRequest request, LineBuffer out) {
    origin(request, out);
    message(request, out);
    outcome(request, out);
    out.put(END);
  }

  private void origin(LoggedRequest request, LineBuffer out) {
    out.put(TIME);
    long micros = request.startEpochMicros();
    out.put(seconds.at(Math.floorDiv(micros, 1_000_000)));
    out.number(Math.floorMod(micros, 1_000_000) / 1_000, 3);
    field(out, LISTENER, request, RecordLayout.LISTENER);
    field(out, CLIENT, request, RecordLayout.CLIENT);
    out.put(CLIENT_PORT);
    out.number(request.clientPort());
  }

  private static void message(LoggedRequest request, LineBuffer out) {
    field(out, METHOD, request, Text.METHOD.index());
    field(out, TARGET, request, Text.TARGET.index());
    field(out, HOST, request, Text.HOST.index());
    out.put(VERSION);
    if (request.minorVersion() < 0) {
      out.put(NULL);
    } else {
      if (request.minorVersion() == AccessRecord.HTTP_2) {
        out.put(VERSION_2);
      } else {
        out.put(VERSION_1);
        out.number(request.minorVersion());
      }
      out.put((byte) '"');
    }
    out.put(STATUS);
    if (request.status() == 0) {
      out.put(NULL);
    } else {
      out.number(request.status());
    }
    out.put(BYTES_IN);
    out.number(request.bytesIn());
    out.put(BYTES_OUT);
    out.number(request.bytesOut());
  }

  private static void outcome(LoggedRequest request, LineBuffer out) {
    millis(out, DURATION, request.totalNanos());
    millis(out, CONNECT, request.connectNanos());
    millis(out, FIRST_BYTE, request.firstByteNanos());
    field(out, POOL, request, RecordLayout.POOL);
    field(out, ENDPOINT, request, RecordLayout.ENDPOINT);
    out.put(ATTEMPTS);
    out.number(request.attempts());
    out.put(REASON);
    out.put(requireNonNull(REASONS.get(request.reason())));
    field(out, USER_AGENT, request, Text.USER_AGENT.index());
    field(out, REFERER, request, Text.REFERER.index());
  }

  private static void field(LineBuffer out, byte[] key, LoggedRequest request, int field) {
    out.put(key);
    int length = request.length(field);
    if (length < 0) {
      out.put(NULL);
      return;
    }
    int start = request.start(field);
    out.put((byte) '"');
    Escapes.json(out, request.bytes(), start, start + length);
    out.put((byte) '"');
  }

  private static void millis(LineBuffer out, byte[] key, long nanos) {
    out.put(key);
    if (nanos < 0) {
      out.put(NULL);
    } else {
      out.millis(nanos);
    }
  }

  private static Map<Reason, byte[]> reasons() {
    Map<Reason, byte[]> texts = new EnumMap<>(Reason.class);
    for (Reason reason : Reason.values()) {
      texts.put(reason, reason == Reason.NONE ? NULL : ascii('"' + reason.text() + '"'));
    }
    return texts;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(US_ASCII);
  }
}
