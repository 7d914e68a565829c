package io.steelyard.server.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URLDecoder;
import java.util.List;
import java.util.stream.Stream;

/**
 * A request to the admin port.
 *
 * @param path decoded
 * @param segments those of the path, each decoded by itself
 * @param fields the header
 * @param body as UTF-8, cut at {@link #MOST} bytes
 * @param whole whether nothing was cut off
 */
record Request(
    String method, String path, List<String> segments, Headers fields, String body, boolean whole) {
  /** Nothing here is larger. */
  static final int MOST = 16 * 1024;

  Request {
    segments = List.copyOf(segments);
  }

  static Request of(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readNBytes(MOST + 1);
    return new Request(
        exchange.getRequestMethod(),
        exchange.getRequestURI().getPath(),
        segments(exchange.getRequestURI().getRawPath()),
        exchange.getRequestHeaders(),
        new String(body, 0, Math.min(body.length, MOST), UTF_8),
        body.length <= MOST);
  }

  private static List<String> segments(String path) {
    return Stream.of(path.split("/", -1))
        .skip(1)
        .map(segment -> URLDecoder.decode(segment.replace("+", "%2B"), UTF_8))
        .toList();
  }

  boolean isRead() {
    return method.equals("GET") || method.equals("HEAD");
  }

  /** The first value of a field; empty when it is absent. */
  String field(String name) {
    var value = fields.getFirst(name);
    return value == null ? "" : value;
  }
}
