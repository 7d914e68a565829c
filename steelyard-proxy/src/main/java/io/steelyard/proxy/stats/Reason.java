package io.steelyard.proxy.stats;

/**
 * Why a request did not go as it should: one word for the access log and a label in the metrics.
 */
public enum Reason {
  /** All went well. */
  NONE("-"),
  /** No route of the listener matches. */
  NO_ROUTE("no-route"),
  /** The pool has no endpoint that may be chosen. */
  NO_ENDPOINT("no-endpoint"),
  /** The pool's endpoints, or the pool, have as much in flight as they may. */
  IN_FLIGHT_LIMIT("in-flight-limit"),
  /** The pool's endpoints, or the pool, have as many connections as they may. */
  CONNECTION_LIMIT("connection-limit"),
  /** As many connections as may be are being opened. */
  CONNECTING_LIMIT("connecting-limit"),
  /** The pool is saturated, and as many requests as may wait. */
  QUEUE_FULL("queue-full"),
  /** The pool was saturated, and no room was found in time. */
  QUEUE_TIMEOUT("queue-timeout"),
  /** The endpoint could not be connected: refused, unreachable. */
  CONNECT_REFUSED("connect-refused"),
  /** The endpoint did not accept the connection in time. */
  CONNECT_TIMEOUT("connect-timeout"),
  /**
   * The endpoint's TLS handshake failed: its certificate is not trusted, or it speaks no TLS. Or,
   * of a listener of protocol tcp, the client's.
   */
  TLS_FAILED("tls-failed"),
  /** The endpoint closed its connection before its answer was complete. */
  ENDPOINT_CLOSED("endpoint-closed"),
  /** The endpoint reset its connection before its answer was complete. */
  ENDPOINT_RESET("endpoint-reset"),
  /** The endpoint does not speak HTTP/2, as its pool says that it does. */
  NO_HTTP2("no-http2"),
  /** The endpoint says that it did nothing with the request (HTTP/2: REFUSED_STREAM, GOAWAY). */
  ENDPOINT_REFUSED("endpoint-refused"),
  /** The head of the answer did not come in time. */
  RESPONSE_TIMEOUT("response-timeout"),
  /** The call was not over in the time that its client gave it (gRPC). */
  DEADLINE("deadline"),
  /** A body or a tunnel made no progress for too long. */
  IDLE_TIMEOUT("idle-timeout"),
  /** The endpoint's answer is not valid HTTP. */
  BAD_ANSWER("bad-answer"),
  /** The request is not valid HTTP, or is ambiguous. */
  BAD_REQUEST("bad-request"),
  /** The client did not send a whole head in time. */
  HEAD_TIMEOUT("head-timeout"),
  /** The client's body, or its reading of the answer, made no progress for too long. */
  BODY_TIMEOUT("body-timeout"),
  /** The request's head, its request line or the number of its fields is over a limit. */
  HEAD_TOO_LARGE("head-too-large"),
  /** The request's body is over the listener's limit. */
  BODY_TOO_LARGE("body-too-large"),
  /**
   * The request asks for something that is not served: CONNECT, an unknown expectation or version.
   */
  NOT_SUPPORTED("not-supported"),
  /** The client closed its connection before its answer was complete. */
  CLIENT_CLOSED("client-closed"),
  /** The client reset its connection before its answer was complete. */
  CLIENT_RESET("client-reset"),
  /** The listener has as many UDP sessions as it may. */
  TOO_MANY_SESSIONS("too-many-sessions"),
  /** This process stopped before the answer was complete. */
  SHUTDOWN("shutdown"),
  /** A mistake of ours; the log has its stack trace. */
  INTERNAL("internal");

  private final String text;

  Reason(String text) {
    this.text = text;
  }

  /**
   * As the access log and the metrics name it: {@code connect-timeout}; {@code -} for {@link
   * #NONE}.
   */
  public String text() {
    return text;
  }

  @SuppressWarnings("EnumOrdinal") // An index into arrays of this process.
  int index() {
    return ordinal();
  }
}
