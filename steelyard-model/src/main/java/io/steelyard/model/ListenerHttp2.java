package io.steelyard.model;

import static java.util.Objects.requireNonNull;

/** How a listener speaks HTTP/2. */
@Doc(
    "HTTP/2: with TLS for clients that choose it by ALPN, without TLS for clients that begin with it (prior knowledge).")
public record ListenerHttp2(
    @Doc("Whether it is spoken beside HTTP/1.1.") @Default("true") boolean enabled,
    @Doc("How many requests of one connection may be under way at a time.")
        @Default("128")
        @Range(min = "1", max = "10000")
        int maxStreams,
    @Doc("How many bytes of one request's body may be under way to this process.")
        @Default("64KiB")
        @Range(min = "1KiB", max = "16MiB")
        ByteSize streamWindow) {
  public ListenerHttp2 {
    requireNonNull(streamWindow, "streamWindow");
  }

  /** The section with every key at its default. */
  public static ListenerHttp2 defaults() {
    return Shape.of(ListenerHttp2.class).defaults();
  }
}
