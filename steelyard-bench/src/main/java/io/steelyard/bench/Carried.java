package io.steelyard.bench;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;

/** As what the contestants carry the load, which is HTTP in any case, to endpoints without TLS. */
enum Carried implements Named {
  /** As requests: parsed, edited, to reused connections. */
  HTTP("http"),
  /** As connections whose bytes are passed on unread. */
  TCP("tcp"),
  /** As HTTP/1.1 over TLS 1.3. */
  HTTPS("https"),
  /** As HTTP/2 over TLS 1.3, {@value H2Load#STREAMS} requests of each connection at a time. */
  H2("h2");

  private final String label;

  Carried(String label) {
    this.label = label;
  }

  @JsonValue
  @Override
  public String label() {
    return label;
  }

  boolean isSecure() {
    return switch (this) {
      case HTTP, TCP -> false;
      case HTTPS, H2 -> true;
    };
  }

  /** The programs that load it. */
  List<String> tools() {
    return switch (this) {
      case HTTP, TCP -> List.of("wrk");
      case HTTPS -> List.of("wrk", "openssl");
      case H2 -> List.of("h2load", "openssl");
    };
  }
}
