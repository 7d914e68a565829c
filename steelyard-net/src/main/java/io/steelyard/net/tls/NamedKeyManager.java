package io.steelyard.net.tls;

import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.function.Supplier;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.StandardConstants;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses a certificate for a client by the name that it asks for and the signatures that it
 * understands. Asked by the engines of all event loops; thread-safe.
 */
final class NamedKeyManager extends X509ExtendedKeyManager {
  private static final Logger LOG = LoggerFactory.getLogger(NamedKeyManager.class);

  private final Supplier<CertificateTable> table;

  NamedKeyManager(Supplier<CertificateTable> table) {
    this.table = table;
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
    if (!(engine.getHandshakeSession() instanceof ExtendedSSLSession session)) {
      return null;
    }
    CertificateTable current = table.get();
    CertificateTable.Choice choice = null;
    String name = requestedName(session);
    if (name != null) {
      choice = current.find(name);
    }
    if (choice == null) {
      choice = current.fallback(); // unknown names that must not come this far did not
    }
    CertificateEntry entry =
        switch (keyType) {
          case "EC" -> understandsElliptic(session) ? choice.elliptic() : null;
          case "RSA" -> choice.rsa();
          default -> null;
        };
    if (entry == null) {
      return null;
    }
    staple(entry, engine);
    return entry.alias();
  }

  /** Engines that cannot do it have not been set up for it. */
  private static void staple(CertificateEntry entry, SSLEngine engine) {
    OcspResponse response = entry.staple();
    if (response != null && engine instanceof ReferenceCountedOpenSslEngine boring) {
      boring.setOcspResponse(response.bytes());
    }
  }

  private static @Nullable String requestedName(ExtendedSSLSession session) {
    for (SNIServerName name : session.getRequestedServerNames()) {
      if (name.getType() == StandardConstants.SNI_HOST_NAME) {
        return name instanceof SNIHostName host
            ? host.getAsciiName()
            : new String(name.getEncoded(), java.nio.charset.StandardCharsets.US_ASCII);
      }
    }
    return null;
  }

  private static boolean understandsElliptic(ExtendedSSLSession session) {
    String[] signatures = session.getPeerSupportedSignatureAlgorithms();
    for (String signature : signatures) {
      if (signature.endsWith("withECDSA")) {
        return true;
      }
    }
    return signatures.length == 0;
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    KeyedChain chain = chain(alias);
    return chain == null ? null : chain.chain().toArray(X509Certificate[]::new);
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    KeyedChain chain = chain(alias);
    return chain == null ? null : chain.key();
  }

  private @Nullable KeyedChain chain(String alias) {
    CertificateEntry entry = table.get().byAlias(alias);
    try {
      return entry == null ? null : entry.chain();
    } catch (TlsException e) {
      LOG.error("A certificate that was good at first cannot be used: {}", e.getMessage());
      return null;
    }
  }

  // ---- not asked of a server with engines ----

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, Socket socket) {
    return null;
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyType, Principal @Nullable [] issuers, Socket socket) {
    return null;
  }
}
