package io.steelyard.proxy.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.steelyard.proxy.listen.Handshakes;
import io.steelyard.proxy.stats.ListenerStats;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** What a client's connection has to do with TLS beneath it. */
final class Secured {
  private static final String PLAIN =
      "The plain HTTP request was sent to an HTTPS port. Use https:// instead.\n";
  private static final byte[] PLAIN_ANSWER =
      ("HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: "
              + PLAIN.length()
              + "\r\nConnection: close\r\n\r\n"
              + PLAIN)
          .getBytes(US_ASCII);

  private Secured() {}

  /** A handshake has ended, well or not: counts it. */
  static void count(
      SslHandshakeCompletionEvent event, ChannelHandlerContext context, ListenerStats stats) {
    Handshakes.count(event, context.channel(), stats);
  }

  /** Tells a client that speaks HTTP without TLS what is wrong; the connection is then closed. */
  static void answerPlain(ChannelHandlerContext context) {
    // From the TLS handler on: beneath it, where nothing is encrypted.
    context
        .pipeline()
        .context(SslHandler.class)
        .writeAndFlush(Unpooled.wrappedBuffer(PLAIN_ANSWER));
  }

  /** What ALPN agreed on; null when it was not used. */
  static @Nullable String protocol(ChannelHandlerContext context) {
    return handler(context).applicationProtocol();
  }

  /** The certificate that the client showed; null when it has none. */
  static @Nullable X509Certificate certificate(ChannelHandlerContext context) {
    try {
      return handler(context).engine().getSession().getPeerCertificates()[0]
              instanceof X509Certificate certificate
          ? certificate
          : null;
    } catch (SSLPeerUnverifiedException e) {
      return null;
    }
  }

  /** Has the client, or the network, caused this, and not we? */
  static boolean isPeersFault(Throwable cause) {
    return Handshakes.isPeersFault(cause);
  }

  private static SslHandler handler(ChannelHandlerContext context) {
    return context.pipeline().get(SslHandler.class);
  }
}
