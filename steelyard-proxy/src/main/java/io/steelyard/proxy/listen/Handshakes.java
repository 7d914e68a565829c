package io.steelyard.proxy.listen;

import io.netty.channel.Channel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.steelyard.proxy.stats.ListenerStats;
import java.io.IOException;

/** What becomes of TLS handshakes with clients, whatever is spoken in them. */
public final class Handshakes {
  private Handshakes() {}

  /** A handshake has ended, well or not: counts it. */
  public static void count(
      SslHandshakeCompletionEvent event, Channel channel, ListenerStats stats) {
    if (event.isSuccess()) {
      SslHandler tls = channel.pipeline().get(SslHandler.class);
      String version = tls.engine().getSession().getProtocol();
      ("TLSv1.3".equals(version) ? stats.handshakes13 : stats.handshakes12).increment();
    } else if (event.cause() instanceof NotSslRecordException) {
      stats.plainOnTls.increment();
    } else {
      stats.failedHandshakes.increment();
    }
  }

  /**
   * Something went wrong with a client's connection: counts it if its TLS was broken after the
   * handshake, by a record that is none, or by renegotiation, which nobody gets (RFC 9325 section
   * 3.5).
   */
  public static void countBroken(Throwable cause, Channel channel, ListenerStats stats) {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (cause instanceof DecoderException && tls != null && tls.handshakeFuture().isSuccess()) {
      stats.brokenTls.increment();
    }
  }

  /** Has the peer, or the network, caused this, and not we? */
  public static boolean isPeersFault(Throwable cause) {
    return cause instanceof IOException
        || (cause instanceof DecoderException && cause.getCause() instanceof IOException);
  }
}
