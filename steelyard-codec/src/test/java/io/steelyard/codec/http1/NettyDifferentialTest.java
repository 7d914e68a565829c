package io.steelyard.codec.http1;

import static io.steelyard.codec.http1.Heads.LIMITS;
import static io.steelyard.codec.http1.Heads.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On random valid messages in a row, we find what Netty's decoders find. */
class NettyDifferentialTest {

  private static final int ROUNDS = 300;

  /**
   * What both sides found in one message; the framing is seen in the body and in what follows it.
   */
  private record Found(
      String startLine,
      List<Map.Entry<String, String>> fields,
      boolean chunked,
      long length,
      boolean persistent,
      String body) {}

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13})
  void requests(long seed) {
    MessageGenerator generator = new MessageGenerator(seed);
    for (int i = 0; i < ROUNDS; i++) {
      String messages = generator.request() + generator.request() + generator.request();
      compare(messages, new RequestHead(), new HttpRequestDecoder());
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {21, 22, 23})
  void responses(long seed) {
    MessageGenerator generator = new MessageGenerator(seed);
    for (int i = 0; i < ROUNDS; i++) {
      String messages = generator.response() + generator.response() + generator.response();
      compare(messages, new ResponseHead(), new HttpResponseDecoder());
    }
  }

  private static void compare(String messages, MessageHead head, ChannelHandler decoder) {
    assertThat(ours(messages, head)).as(messages).isEqualTo(netty(messages, decoder));
  }

  private static List<Found> ours(String messages, MessageHead head) {
    byte[] all = bytes(messages);
    ByteBuf buf = Unpooled.directBuffer().writeBytes(all);
    List<Found> found = new ArrayList<>();
    try {
      int at = 0;
      while (at < all.length) {
        head.reset();
        int length = head.parse(buf, at, all.length, LIMITS);
        if (length < 0) {
          throw new AssertionError(
              Heads.describe(head, length, all) + " at " + at + "\n" + messages);
        }
        StringBuilder body = new StringBuilder();
        int next = body(buf, at + length, all, head, body);
        found.add(found(head, Heads.part(all, at, all.length), body.toString()));
        at = next;
      }
    } finally {
      buf.release();
    }
    return found;
  }

  private static int body(ByteBuf buf, int from, byte[] all, MessageHead head, StringBuilder data) {
    return switch (head.framing()) {
      case NONE -> from;
      case LENGTH -> {
        int to = from + (int) head.contentLength();
        data.append(Heads.part(all, from, to));
        yield to;
      }
      case CHUNKED -> {
        ChunkScanner scanner = new ChunkScanner(8192);
        int p = from;
        while (!scanner.done()) {
          p = scanner.step(buf, p, all.length);
          data.append(Heads.part(all, scanner.dataStart(), scanner.dataEnd()));
        }
        yield p;
      }
      case UNTIL_CLOSE -> throw new AssertionError("generated messages end before the connection");
    };
  }

  private static Found found(MessageHead head, String message, String body) {
    List<Map.Entry<String, String>> fields = new ArrayList<>();
    for (int i = 0; i < head.fieldCount(); i++) {
      String name = message.substring(head.nameStart(i), head.nameEnd(i));
      fields.add(Map.entry(name, message.substring(head.valueStart(i), head.valueEnd(i))));
    }
    String startLine =
        switch (head) {
          case RequestHead request ->
              message.substring(request.startLineStart(), request.methodEnd())
                  + " "
                  + message.substring(request.targetStart(), request.targetEnd());
          case ResponseHead response -> "" + response.status();
        };
    return new Found(
        startLine + " 1." + head.minorVersion(),
        fields,
        head.chunked(),
        head.contentLength(),
        head.persistent(),
        body);
  }

  private static List<Found> netty(String messages, ChannelHandler decoder) {
    EmbeddedChannel channel = new EmbeddedChannel(decoder);
    channel.writeInbound(Unpooled.wrappedBuffer(bytes(messages)));
    List<Found> found = new ArrayList<>();
    HttpMessage message = null;
    StringBuilder body = new StringBuilder();
    for (Object part = channel.readInbound(); part != null; part = channel.readInbound()) {
      if (part instanceof HttpMessage head) {
        assertThat(head.decoderResult().isSuccess()).as(messages + head.decoderResult()).isTrue();
        message = head;
        body.setLength(0);
      }
      if (part instanceof HttpContent content) {
        body.append(content.content().toString(StandardCharsets.ISO_8859_1));
        content.release();
      }
      if (part instanceof LastHttpContent && message != null) {
        found.add(found(message, body.toString()));
      }
    }
    channel.finishAndReleaseAll();
    return found;
  }

  private static Found found(HttpMessage message, String body) {
    String startLine =
        message instanceof HttpRequest request
            ? request.method() + " " + request.uri()
            : "" + ((HttpResponse) message).status().code();
    return new Found(
        startLine + " 1." + message.protocolVersion().minorVersion(),
        message.headers().entries().stream().map(e -> Map.entry(e.getKey(), e.getValue())).toList(),
        HttpUtil.isTransferEncodingChunked(message),
        HttpUtil.getContentLength(message, -1L),
        HttpUtil.isKeepAlive(message),
        body);
  }
}
