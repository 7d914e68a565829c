package io.steelyard.model;

import static java.util.Objects.requireNonNull;

/** Which HTTP a pool's endpoints are spoken to in. */
@Doc(
    "Which HTTP the endpoints are spoken to in. Short form: the version. HTTP/2 needs endpoints that offer `h2` by ALPN, where the pool"
        + " has `tls`, or else take it without being asked (prior knowledge).")
@Shorthand("version")
public record EndpointHttp(
    @Doc("1 for HTTP/1.1, 2 for HTTP/2.") @Default("1") @Range(min = "1", max = "2") int version,
    @Doc(
            "How many requests of HTTP/2 share a connection at most; the endpoint's own limit holds beside it. Further ones open another connection.")
        @Default("100")
        @Range(min = "1", max = "10000")
        int maxStreams,
    @Doc("How many bytes of one answer of HTTP/2 may be under way to this process.")
        @Default("256KiB")
        @Range(min = "1KiB", max = "16MiB")
        ByteSize streamWindow) {
  public EndpointHttp {
    requireNonNull(streamWindow, "streamWindow");
  }

  /** The section with every key at its default. */
  public static EndpointHttp defaults() {
    return Shape.of(EndpointHttp.class).defaults();
  }

  /** This version, all else at its default. */
  public static EndpointHttp of(int version) {
    EndpointHttp usual = defaults();
    return new EndpointHttp(version, usual.maxStreams, usual.streamWindow);
  }
}
