package io.steelyard.proxy.tcp;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import org.jspecify.annotations.Nullable;

/**
 * What a client and we agreed on in a TLS handshake.
 *
 * @param serverName the name that the client asked for, in lower case
 * @param protocol what ALPN chose
 */
record Agreed(@Nullable String serverName, @Nullable String protocol) {
  /** That of a channel whose handshake has just ended well. */
  static Agreed of(Channel channel) {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    return new Agreed(name(tls), tls.applicationProtocol());
  }

  private static @Nullable String name(SslHandler tls) {
    if (!(tls.engine().getSession() instanceof ExtendedSSLSession session)) {
      return null;
    }
    List<SNIServerName> names = session.getRequestedServerNames();
    return !names.isEmpty() && names.getFirst() instanceof SNIHostName host
        ? host.getAsciiName().toLowerCase(Locale.ROOT)
        : null;
  }
}
