package io.steelyard.bench;

import com.fasterxml.jackson.annotation.JsonValue;

/** What one exchange carries: always a GET, with an answer of this size. */
enum Work implements Named {
  SMALL("small", Endpoints.SMALL_BODY.length()),
  TEN_K("10k", 10 * 1024),
  ONE_M("1m", 1024 * 1024),
  /** As small, and a connection for each exchange; with TLS a whole handshake, too. */
  CONNECT("connect", Endpoints.SMALL_BODY.length()),
  /** As connect, with TLS sessions that are resumed. */
  RESUME("resume", Endpoints.SMALL_BODY.length());

  private final String label;
  private final int bodyBytes;

  Work(String label, int bodyBytes) {
    this.label = label;
    this.bodyBytes = bodyBytes;
  }

  @JsonValue
  @Override
  public String label() {
    return label;
  }

  int bodyBytes() {
    return bodyBytes;
  }

  /** Whether each exchange has a connection of its own. */
  boolean isConnecting() {
    return this == CONNECT || this == RESUME;
  }

  String path() {
    return "/" + (isConnecting() ? SMALL.label : label);
  }
}
