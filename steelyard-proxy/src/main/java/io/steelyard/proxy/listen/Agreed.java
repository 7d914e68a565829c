package io.steelyard.proxy.listen;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import io.steelyard.codec.proxyprotocol.ProxyHeader;
import io.steelyard.codec.proxyprotocol.ProxyHeader.Extra;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import org.jspecify.annotations.Nullable;

/**
 * What a client and we, or the proxy in front of us, agreed on in a TLS handshake.
 *
 * @param serverName the name that the client asked for, in lower case
 * @param protocol what ALPN chose
 */
public record Agreed(@Nullable String serverName, @Nullable String protocol) {
  /** That of a channel whose handshake has just ended well. */
  public static Agreed of(Channel channel) {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    return new Agreed(name(tls), tls.applicationProtocol());
  }

  /**
   * What a trusted proxy said of the handshake that it ended, in its PROXY protocol header; null
   * when it said nothing of the kind.
   */
  public static @Nullable Agreed told(Channel channel) {
    ProxyHeader header = ProxyHeaderHandler.of(channel);
    if (header == null) {
      return null;
    }
    String name = text(header, Extra.AUTHORITY);
    String protocol = text(header, Extra.ALPN);
    return name == null && protocol == null
        ? null
        : new Agreed(name == null ? null : name.toLowerCase(Locale.ROOT), protocol);
  }

  private static @Nullable String text(ProxyHeader header, int type) {
    for (Extra extra : header.extras()) {
      if (extra.type() == type) {
        return new String(extra.value(), US_ASCII);
      }
    }
    return null;
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
