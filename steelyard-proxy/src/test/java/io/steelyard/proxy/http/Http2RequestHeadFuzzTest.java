package io.steelyard.proxy.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import io.steelyard.codec.http1.BodyFraming;
import io.steelyard.codec.http1.FieldName;
import io.steelyard.codec.http1.HeadLimits;
import io.steelyard.codec.http1.RequestHead;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Whatever the fields of an HTTP/2 request are, an HTTP/1.1 endpoint sees one request in them, with
 * one host and one length, or none. {@code JAZZER_FUZZ=1} looks for new inputs.
 */
class Http2RequestHeadFuzzTest {
  private static final HeadLimits LIMITS = new HeadLimits(65_536, 100, 16_384);
  private static final String[] NAMES = {
    ":method",
    ":path",
    ":scheme",
    ":authority",
    "host",
    "content-length",
    "cookie",
    "te",
    "transfer-encoding",
    "connection",
    "upgrade",
    "expect",
    "x"
  };
  private static final String[] VALUES = {
    "GET",
    "POST",
    "CONNECT",
    "/",
    "/a?b",
    "*",
    "http",
    "https",
    "a.example.com",
    "0",
    "5",
    "trailers",
    "chunked"
  };

  @FuzzTest(maxDuration = "5m")
  void anyFields(byte[] bytes) {
    if (bytes.length > 0) {
      check(fields(bytes), bytes[0] % 2 == 0);
    }
  }

  @Test
  void manyFields() {
    Random random = new Random(20);
    int accepted = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[1 + random.nextInt(40)];
      random.nextBytes(bytes);
      Http2Headers headers = fields(bytes);
      if (i % 2 == 0) { // else hardly one would be complete
        headers.method("GET").path("/").scheme("http");
      }
      accepted += check(headers, random.nextBoolean()) ? 1 : 0;
    }
    assertThat(accepted).isGreaterThan(100);
  }

  /**
   * A byte chooses a name, or says how long it is, and one the same of its value.
   *
   * @return as HPACK would hand them over, of any bytes
   */
  private static Http2Headers fields(byte[] bytes) {
    Http2Headers headers = new DefaultHttp2Headers(false);
    int[] at = {1};
    while (at[0] < bytes.length) {
      AsciiString name = text(bytes, at, NAMES);
      headers.add(name, text(bytes, at, VALUES));
    }
    return headers;
  }

  private static AsciiString text(byte[] bytes, int[] at, String[] known) {
    int choice = at[0] < bytes.length ? bytes[at[0]++] & 0xff : 0;
    if (choice < 192) {
      return new AsciiString(known[choice % known.length]);
    }
    int end = Math.min(bytes.length, at[0] + choice - 192);
    AsciiString text = new AsciiString(Arrays.copyOfRange(bytes, at[0], end), false);
    at[0] = end;
    return text;
  }

  /** Returns whether the request is one. */
  private static boolean check(Http2Headers headers, boolean ends) {
    Http2RequestHead writer = new Http2RequestHead();
    ByteBuf head = writer.write(headers, ends, UnpooledByteBufAllocator.DEFAULT);
    if (head == null) {
      return false;
    }
    try {
      RequestHead parsed = new RequestHead();
      int length = parsed.parse(head, 0, head.writerIndex(), LIMITS);
      String text = head.toString(ISO_8859_1);
      assertThat(length).as("%s", text).isIn(head.readableBytes(), RequestHead.MALFORMED);
      if (length == RequestHead.MALFORMED) {
        return false; // answered 400, by whom answers any such request
      }
      assertThat(parsed.next(FieldName.HOST, parsed.find(FieldName.HOST))).isNegative();
      assertThat(parsed.framing() == BodyFraming.CHUNKED)
          .as("chunked: %s", text)
          .isEqualTo(writer.isChunked(ends));
      assertThat(text.split("\r\n", -1)).as("lines").hasSize(parsed.fieldCount() + 3);
      assertThat(text).doesNotContain("\0").doesNotContainPattern("[^\r]\n|\r[^\n]");
      return true;
    } finally {
      head.release();
    }
  }
}
