package io.steelyard.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.steelyard.model.EndpointHttp;
import io.steelyard.model.TransportKind;
import io.steelyard.proxy.kit.H2;
import io.steelyard.proxy.kit.RawEndpoint;
import io.steelyard.proxy.kit.Setup;
import io.steelyard.proxy.kit.TestProxy;
import io.steelyard.proxy.kit.Wire;
import java.net.SocketException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Endpoints that break HTTP/2: their clients are told, others are served, nothing grows. */
class HostileEndpointsTest {
  private static final String POST = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc";

  /** What an endpoint does when it has got a request. */
  interface Deed {
    void on(H2 here, int stream) throws Exception;
  }

  private static Http2Headers ok() {
    return H2.answering(200);
  }

  private static Arguments deed(String name, Deed deed) {
    return Arguments.argumentSet(name, deed);
  }

  static Stream<Arguments> deeds() {
    return Stream.of(
        deed(
            "CONTINUATION flood",
            (here, stream) -> {
              here.send(H2.HEADERS, 0, stream, here.encode(ok()));
              for (int i = 0; i < 100_000; i++) {
                here.send(H2.CONTINUATION, 0, stream, new byte[1]);
              }
            }),
        deed(
            "large CONTINUATION flood",
            (here, stream) -> {
              here.send(H2.HEADERS, 0, stream, here.encode(ok()));
              byte[] block = here.encode(new DefaultHttp2Headers().add("a", "b".repeat(16_000)));
              for (int i = 0; i < 1000; i++) {
                here.send(H2.CONTINUATION, 0, stream, block);
              }
            }),
        deed(
            "bomb of fields",
            (here, stream) -> {
              Http2Headers bomb = ok();
              for (int i = 0; i < 4000; i++) {
                bomb.add("x-bomb", "b".repeat(1000));
              }
              here.headers(stream, bomb, true);
            }),
        deed("a frame that is none", (here, stream) -> here.wire().send("\0\0\4\7\0\0\0\0\0abcd")),
        deed("plain text", (here, stream) -> here.wire().send("HTTP/1.1 200 OK\r\n\r\n".repeat(9))),
        deed("data before a head", (here, stream) -> here.data(stream, "x", true)),
        deed("an unknown stream", (here, stream) -> here.headers(stream + 200, ok(), true)),
        deed(
            "a pushed answer",
            (here, stream) -> here.send(5, H2.END_HEADERS, stream, new byte[] {0, 0, 0, 2})),
        deed(
            "less than it said",
            (here, stream) ->
                here.headers(stream, ok().add("content-length", "9"), false)
                    .data(stream, "x", true)),
        deed(
            "none of what it said",
            (here, stream) -> here.headers(stream, ok().add("content-length", "9"), true)),
        deed(
            "more than it said",
            (here, stream) ->
                here.headers(stream, ok().add("content-length", "1"), false)
                    .data(stream, "xx", true)),
        deed(
            "lengths that differ",
            (here, stream) ->
                here.headers(
                    stream, ok().add("content-length", "1").add("content-length", "2"), true)),
        deed(
            "no status",
            (here, stream) ->
                here.headers(stream, new DefaultHttp2Headers(false).add("a", "b"), true)),
        deed(
            "a status that is none", (here, stream) -> here.headers(stream, H2.answering(7), true)),
        deed("status 101", (here, stream) -> here.headers(stream, H2.answering(101), false)),
        deed(
            "an interim answer that ends",
            (here, stream) -> here.headers(stream, H2.answering(103), true)),
        deed(
            "interim answers without end",
            (here, stream) -> {
              for (int i = 0; i < 200; i++) {
                here.headers(stream, H2.answering(103), false);
              }
            }),
        deed(
            "a field of the connection",
            (here, stream) -> here.headers(stream, ok().add("connection", "close"), true)),
        deed(
            "two lines in a value",
            (here, stream) -> here.headers(stream, ok().add("a", "b\r\nSet-Cookie: c"), true)),
        deed(
            "a name that is none",
            (here, stream) -> here.headers(stream, ok().add("a b", "c"), true)),
        deed(
            "a window beyond all",
            (here, stream) -> here.window(0, Integer.MAX_VALUE).window(0, Integer.MAX_VALUE)));
  }

  @ParameterizedTest
  @MethodSource("deeds")
  void theClientIsToldAndOthersAreServed(Deed deed) throws Exception {
    try (RawEndpoint endpoint =
            RawEndpoint.serving(wire -> {
              H2 here = H2.serving(wire);
              while (true) {
                H2.Request request = here.request();
                if (request.body().isEmpty()) {
                  here.reply(request.stream(), 200, "ok");
                } else {
                  try {
                    deed.on(here, request.stream());
                  } catch (SocketException e) {
                    return; // they would not hear more of it
                  }
                }
              }
            });
        TestProxy proxy =
            Setup.on(TransportKind.EPOLL).http(EndpointHttp.of(2)).retries(0).start(endpoint);
        Wire client = proxy.connect();
        Wire other = proxy.connect()) {
      client.send(POST);
      String head = client.readHead();
      while (head.startsWith("HTTP/1.1 103 ")) {
        head = client.readHead();
      }
      assertThat(head)
          .satisfiesAnyOf(
              answer -> assertThat(answer).startsWith("HTTP/1.1 502 "),
              answer -> assertThat(answer).startsWith("HTTP/1.1 200 ")); // and then is broken off
      if (head.startsWith("HTTP/1.1 200")) {
        client.expectGone();
      }
      assertThat(proxy.log(1).getFirst().get("reason").asString())
          .isIn("bad-answer", "endpoint-reset", "endpoint-closed");
      other.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(other.readHead()).startsWith("HTTP/1.1 200 ");
      assertThat(proxy.directMemory()).isLessThan(64 << 20);
    }
  }
}
