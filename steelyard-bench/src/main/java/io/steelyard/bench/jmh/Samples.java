package io.steelyard.bench.jmh;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.steelyard.codec.http1.HeadLimits;
import java.nio.charset.StandardCharsets;

/** Messages as they occur. */
final class Samples {
  /** The product's defaults. */
  static final HeadLimits LIMITS = new HeadLimits(32 * 1024, 100, 8 * 1024);

  private static final String LOAD_GENERATOR =
      """
      GET /small HTTP/1.1
      Host: 127.0.0.1:8080

      """;

  private static final String BROWSER =
      """
      GET /shop/articles/4711?variant=blue&ref=search HTTP/1.1
      Host: www.example.com
      Connection: keep-alive
      User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0
      Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8
      Accept-Language: en-GB,en;q=0.7,de;q=0.3
      Accept-Encoding: gzip, deflate, br, zstd
      Referer: https://www.example.com/search?q=steelyard
      Cookie: session=8f14e45fceea167a5a36dedd4bea2543; theme=dark; consent=all
      Upgrade-Insecure-Requests: 1
      Sec-Fetch-Dest: document
      Sec-Fetch-Mode: navigate
      Sec-Fetch-Site: same-origin
      Priority: u=0, i

      """;

  private static final String NGINX =
      """
      HTTP/1.1 200 OK
      Server: nginx/1.22.1
      Date: Sat, 21 Nov 2026 08:00:00 GMT
      Content-Type: application/octet-stream
      Content-Length: 14
      Connection: keep-alive

      """;

  private static final String APPLICATION =
      """
      HTTP/1.1 200 OK
      Date: Sat, 21 Nov 2026 08:00:00 GMT
      Content-Type: text/html; charset=utf-8
      Transfer-Encoding: chunked
      Connection: keep-alive
      Cache-Control: no-cache, private, max-age=0
      Set-Cookie: session=8f14e45fceea167a5a36dedd4bea2543; Path=/; HttpOnly; SameSite=Lax
      Strict-Transport-Security: max-age=31536000; includeSubDomains
      X-Content-Type-Options: nosniff
      X-Frame-Options: DENY
      Vary: Accept-Encoding, Cookie

      """;

  private Samples() {}

  static byte[] request(String sender) {
    return switch (sender) {
      case "wrk" -> bytes(LOAD_GENERATOR);
      case "browser" -> bytes(BROWSER);
      default -> throw new IllegalArgumentException("no request by " + sender);
    };
  }

  static byte[] answer(String sender) {
    return switch (sender) {
      case "nginx" -> bytes(NGINX);
      case "application" -> bytes(APPLICATION);
      default -> throw new IllegalArgumentException("no answer by " + sender);
    };
  }

  /** A chunked body of 64 KiB in chunks of this size. */
  static byte[] chunked(int size) {
    StringBuilder body = new StringBuilder();
    for (int sent = 0; sent < 64 * 1024; sent += size) {
      body.append(Integer.toHexString(size)).append("\r\n").repeat('x', size).append("\r\n");
    }
    return body.append("0\r\n\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  /** The kind of buffer that sockets read into, with room behind the bytes. Not released. */
  static ByteBuf direct(byte[] bytes) {
    return PooledByteBufAllocator.DEFAULT.directBuffer(bytes.length + 1024).writeBytes(bytes);
  }

  private static byte[] bytes(String head) {
    return head.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
  }
}
