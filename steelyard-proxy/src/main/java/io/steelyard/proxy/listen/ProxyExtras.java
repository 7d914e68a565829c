package io.steelyard.proxy.listen;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import io.steelyard.codec.proxyprotocol.ProxyHeader;
import io.steelyard.codec.proxyprotocol.ProxyHeader.Extra;
import io.steelyard.codec.proxyprotocol.SslExtra;
import io.steelyard.net.tls.CertificateNames;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * What a PROXY protocol header of version 2 tells endpoints besides addresses: what the proxy in
 * front said, and the TLS that ended here, which counts for more.
 */
public final class ProxyExtras {
  /** What belongs to one header and not to the connection. */
  private static final Set<Integer> OF_THE_HEADER = Set.of(Extra.CRC32C, Extra.NOOP);

  /** What a handshake of ours knows better. */
  private static final Set<Integer> OF_TLS = Set.of(Extra.ALPN, Extra.AUTHORITY, Extra.SSL);

  private ProxyExtras() {}

  /** Those of a client's connection; empty for most that did not begin with such a header. */
  public static List<Extra> of(Channel client) {
    SslHandler tls = client.pipeline().get(SslHandler.class);
    ProxyHeader header = ProxyHeaderHandler.of(client);
    if (tls == null && header == null) {
      return List.of();
    }
    List<Extra> extras = new ArrayList<>();
    if (tls != null) {
      addTls(client, tls.engine().getSession(), extras);
    }
    if (header != null) {
      addTold(header, tls != null, extras);
    }
    return extras;
  }

  private static void addTold(ProxyHeader header, boolean endsTls, List<Extra> extras) {
    for (Extra extra : header.extras()) {
      boolean isKnownBetter = endsTls && OF_TLS.contains(extra.type());
      if (!isKnownBetter && !OF_THE_HEADER.contains(extra.type())) {
        extras.add(extra);
      }
    }
  }

  private static void addTls(Channel client, SSLSession session, List<Extra> extras) {
    Agreed agreed = Agreed.of(client);
    add(Extra.ALPN, agreed.protocol(), extras);
    add(Extra.AUTHORITY, agreed.serverName(), extras);
    X509Certificate certificate = certificate(session);
    extras.add(
        certificate == null
            ? SslExtra.anonymous(session.getProtocol(), session.getCipherSuite())
            : SslExtra.verified(
                session.getProtocol(),
                session.getCipherSuite(),
                CertificateNames.commonName(certificate)));
  }

  private static void add(int type, @Nullable String text, List<Extra> extras) {
    if (text != null) {
      extras.add(new Extra(type, text.getBytes(US_ASCII)));
    }
  }

  private static @Nullable X509Certificate certificate(SSLSession session) {
    try {
      return session.getPeerCertificates()[0] instanceof X509Certificate found ? found : null;
    } catch (SSLPeerUnverifiedException e) {
      return null;
    }
  }
}
