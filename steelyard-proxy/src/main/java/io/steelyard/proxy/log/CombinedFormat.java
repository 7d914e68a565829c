package io.steelyard.proxy.log;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.steelyard.proxy.log.AccessRecord.Text;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * The combined format of Apache httpd and nginx, in UTC:
 *
 * <pre>
 *   10.0.0.9 - - [01/Nov/2026:12:00:00 +0000] "GET /a HTTP/1.1" 200 512 "https://example.com/" "curl/8.9"
 * </pre>
 *
 * <p>The time is that of the request's first byte, the number after the status counts the answer's
 * body. A request line that could not be read is {@code "-"}, and a status of 000 means that no
 * answer was sent.
 */
final class CombinedFormat implements LineFormat {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern(" - - '['dd/MMM/uuuu:HH:mm:ss +0000'] \"'", Locale.ROOT);

  private static final byte[] HTTP_2 = " HTTP/2.0".getBytes(US_ASCII);
  private static final byte[] HTTP_1 = " HTTP/1.".getBytes(US_ASCII);
  private static final byte[] QUOTE_SPACE = "\" ".getBytes(US_ASCII);
  private static final byte[] QUOTE_SPACE_QUOTE = "\" \"".getBytes(US_ASCII);
  private static final byte[] SPACE_QUOTE = " \"".getBytes(US_ASCII);
  private static final byte[] END = "\"\n".getBytes(US_ASCII);

  private final SecondCache seconds =
      new SecondCache(
          second -> LocalDateTime.ofEpochSecond(second, 0, ZoneOffset.UTC).format(TIME));

  @Override
  public void append(LoggedRequest request, LineBuffer out) {
    field(out, request, RecordLayout.CLIENT);
    out.put(seconds.at(Math.floorDiv(request.startEpochMicros(), 1_000_000)));
    requestLine(out, request);
    out.put(QUOTE_SPACE);
    out.number(request.status(), 3);
    out.put((byte) ' ');
    out.number(request.bytesOut() - request.answerHeadBytes());
    out.put(SPACE_QUOTE);
    field(out, request, Text.REFERER.index());
    out.put(QUOTE_SPACE_QUOTE);
    field(out, request, Text.USER_AGENT.index());
    out.put(END);
  }

  private static void requestLine(LineBuffer out, LoggedRequest request) {
    field(out, request, Text.METHOD.index());
    if (request.length(Text.TARGET.index()) > 0) {
      out.put((byte) ' ');
      field(out, request, Text.TARGET.index());
    }
    if (request.minorVersion() >= 0) {
      if (request.minorVersion() == AccessRecord.HTTP_2) {
        out.put(HTTP_2);
      } else {
        out.put(HTTP_1);
        out.number(request.minorVersion());
      }
    }
  }

  private static void field(LineBuffer out, LoggedRequest request, int field) {
    int length = request.length(field);
    if (length <= 0) {
      out.put((byte) '-');
      return;
    }
    int start = request.start(field);
    Escapes.combined(out, request.bytes(), start, start + length);
  }
}
