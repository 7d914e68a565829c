package io.steelyard.proxy.log;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.proxy.log.AccessRecord.Text;
import io.steelyard.proxy.stats.Reason;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class LineFormatTest {
  private static final JsonMapper JSON = new JsonMapper();

  @Test
  void jsonLine() {
    assertThat(json(Records.sample()))
        .isEqualTo(
            """
            {"time":"2026-11-01T12:34:56.789Z","listener":"web","client":"10.0.0.9","client_port":51234,\
            "method":"GET","target":"/a?b=1","host":"example.com","version":"1.1","status":200,\
            "bytes_in":78,"bytes_out":712,"duration_ms":1.234,"connect_ms":null,"first_byte_ms":1.000,\
            "pool":"site","endpoint":"10.0.1.1:8080","attempts":1,"reason":null,\
            "user_agent":"curl/8.9","referer":null}
            """);
  }

  @Test
  void jsonLineOfARequestThatFailed() {
    AccessRecord record = new AccessRecord();
    record.listener = "web";
    record.client = "::1";
    record.connectNanos = 1_000_000_000L;
    record.reason = Reason.BAD_REQUEST;
    assertThat(json(record))
        .isEqualTo(
            """
            {"time":"1970-01-01T00:00:00.000Z","listener":"web","client":"::1","client_port":0,\
            "method":null,"target":null,"host":null,"version":null,"status":null,\
            "bytes_in":0,"bytes_out":0,"duration_ms":0.000,"connect_ms":1000.000,"first_byte_ms":null,\
            "pool":null,"endpoint":null,"attempts":0,"reason":"bad-request",\
            "user_agent":null,"referer":null}
            """);
  }

  @Test
  void combinedLine() {
    AccessRecord record = Records.sample();
    Records.text(record, Text.REFERER, "https://example.com/");
    assertThat(combined(record))
        .isEqualTo(
            "10.0.0.9 - - [01/Nov/2026:12:34:56 +0000] \"GET /a?b=1 HTTP/1.1\" 200 512"
                + " \"https://example.com/\" \"curl/8.9\"\n");
  }

  @Test
  void combinedLineOfARequestThatFailed() {
    AccessRecord record = new AccessRecord();
    record.client = "::1";
    assertThat(combined(record))
        .isEqualTo("::1 - - [01/Jan/1970:00:00:00 +0000] \"-\" 000 0 \"-\" \"-\"\n");
  }

  @Test
  void theSecondIsFormattedAnewWhenItChanges() {
    JsonFormat format = new JsonFormat();
    AccessRecord record = Records.sample();
    assertThat(Records.line(format, record)).contains("12:34:56.789Z");
    record.startEpochMicros += 1_000;
    assertThat(Records.line(format, record)).contains("12:34:56.790Z");
    record.startEpochMicros += 1_000_000;
    assertThat(Records.line(format, record)).contains("12:34:57.790Z");
    record.startEpochMicros -= 2_000_000;
    assertThat(Records.line(format, record)).contains("12:34:55.790Z");
  }

  @Test
  void jsonEscapesWhatCouldEndAStringOrALine() {
    assertEscaped("x\r\n{\"a\":1}", "x\\u000d\\u000a{\\\"a\\\":1}");
    assertEscaped("\",\"status\":200", "\\\",\\\"status\\\":200");
    assertEscaped("ends with \\", "ends with \\\\");
    assertEscaped("a\tb\0c", "a\\u0009b\\u0000c");
    assertEscaped("\u007f\u001b[2J", "\\u007f\\u001b[2J");
  }

  private static void assertEscaped(String sent, String expected) {
    AccessRecord record = new AccessRecord();
    Records.text(record, Text.USER_AGENT, sent);
    String line = json(record);
    assertThat(line)
        .contains("\"user_agent\":\"" + expected + '"')
        .endsWith("}\n")
        .containsOnlyOnce("\n");
    assertThat(parse(line).get("user_agent").asString()).isEqualTo(sent);
  }

  @Test
  void jsonKeepsTextAndEscapesWhatIsNotUtf8() {
    assertThat(escapedJson("é 秤 😀".getBytes(StandardCharsets.UTF_8))).isEqualTo("é 秤 😀");
    assertThat(escapedJson(bytes(0xE9, 0x20))).isEqualTo("\\u00e9 ");
    assertThat(escapedJson(bytes(0xC0, 0xAF))).as("overlong").isEqualTo("\\u00c0\\u00af");
    assertThat(escapedJson(bytes(0xED, 0xA0, 0x80)))
        .as("surrogate")
        .isEqualTo("\\u00ed\\u00a0\\u0080");
    assertThat(escapedJson(bytes(0xF4, 0x90, 0x80, 0x80)))
        .as("beyond U+10FFFF")
        .startsWith("\\u00f4\\u0090");
    assertThat(escapedJson(bytes(0xE7, 0xA7))).as("cut short").isEqualTo("\\u00e7\\u00a7");
    assertThat(escapedJson("a\u0085b\u2028c\u2029d".getBytes(StandardCharsets.UTF_8)))
        .as("line separators")
        .isEqualTo("a\\u0085b\\u2028c\\u2029d");
  }

  @Test
  void combinedEscapesAsNginxDoes() {
    AccessRecord record = new AccessRecord();
    record.client = "::1";
    Records.text(record, Text.METHOD, "G\"E\\T");
    Records.text(record, Text.TARGET, "/\r\n10.0.0.1 - - x");
    Records.text(record, Text.USER_AGENT, "é\u007f\u0000~");
    assertThat(combined(record))
        .isEqualTo(
            "::1 - - [01/Jan/1970:00:00:00 +0000] \"G\\x22E\\x5CT /\\x0D\\x0A10.0.0.1 - - x\" 000 0"
                + " \"-\" \"\\xC3\\xA9\\x7F\\x00~\"\n");
  }

  /** Whatever a client sends: one line, valid UTF-8, JSON, and the bytes can be had back. */
  @Test
  void anyBytesMakeOneValidLine() throws CharacterCodingException {
    for (int seed = 0; seed < 256; seed++) {
      Random random = new Random(seed);
      AccessRecord record = new AccessRecord();
      byte[] sent = randomBytes(random);
      Records.text(record, Text.USER_AGENT, sent);
      byte[] line = bytes(new JsonFormat(), record);
      assertOneLine(line);
      CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line));
      assertThat(parse(text.toString()).get("user_agent").asString()).isEqualTo(lenient(sent));
      byte[] combined = bytes(new CombinedFormat(), record);
      assertOneLine(combined);
      assertThat(new String(combined, ISO_8859_1)).matches("[ -~]*\n");
    }
  }

  private static void assertOneLine(byte[] line) {
    assertThat(line).endsWith('\n').containsOnlyOnce('\n');
  }

  /** Mixes what is likely to break: any byte, pieces of UTF-8, quotes and line ends. */
  private static byte[] randomBytes(Random random) {
    byte[] likely =
        bytes(
            '"', '\\', '\r', '\n', 0xC3, 0xA9, 0xE2, 0x80, 0xA8, 0xF0, 0x9F, 0x98, 0x80, 0xED, 0xA0,
            'a');
    byte[] sent = new byte[random.nextInt(200)];
    random.nextBytes(sent);
    for (int i = 0; i < sent.length; i++) {
      if (random.nextBoolean()) {
        sent[i] = likely[random.nextInt(likely.length)];
      }
    }
    return sent;
  }

  /**
   * UTF-8 where it is, Latin-1 elsewhere; decoded by the JDK rather than by the code under test.
   */
  private static String lenient(byte[] sent) {
    StringBuilder text = new StringBuilder();
    for (int at = 0; at < sent.length; ) {
      int length = 1;
      String decoded = new String(sent, at, 1, ISO_8859_1);
      for (int n = 1; n <= 4 && at + n <= sent.length; n++) {
        try {
          decoded =
              StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(sent, at, n)).toString();
          length = n;
          break;
        } catch (CharacterCodingException e) {
          // Perhaps with one byte more.
        }
      }
      text.append(decoded);
      at += length;
    }
    return text.toString();
  }

  @Test
  void numbers() {
    LineBuffer out = new LineBuffer(1);
    for (long n : List.of(0L, 9L, 10L, 99L, 100L, Long.MAX_VALUE, -1L)) {
      out.number(n);
      out.put((byte) ' ');
    }
    out.number(7, 3);
    out.put((byte) ' ');
    out.millis(999);
    out.put((byte) ' ');
    out.millis(12_003_456_789L);
    assertThat(out).hasToString("0 9 10 99 100 9223372036854775807 0 007 0.000 12003.456");
  }

  private static String json(AccessRecord record) {
    return Records.line(new JsonFormat(), record);
  }

  private static String combined(AccessRecord record) {
    return Records.line(new CombinedFormat(), record);
  }

  private static byte[] bytes(LineFormat format, AccessRecord record) {
    AccessLogRing ring = new AccessLogRing(AccessLogRing.CAPACITY);
    LineBuffer out = new LineBuffer(16);
    ring.offer(record);
    ring.drain(request -> format.append(request, out));
    return Arrays.copyOf(out.bytes(), out.length());
  }

  private static String escapedJson(byte[] bytes) {
    LineBuffer out = new LineBuffer(16);
    Escapes.json(out, bytes, 0, bytes.length);
    return out.toString();
  }

  private static JsonNode parse(String line) {
    return JSON.readTree(line);
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }
}
