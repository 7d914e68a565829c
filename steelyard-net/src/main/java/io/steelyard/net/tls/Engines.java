package io.steelyard.net.tls;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslCachingX509KeyManagerFactory;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.steelyard.model.ClientCertificates;
import io.steelyard.model.EndpointTls;
import io.steelyard.model.ListenerTls;
import io.steelyard.model.ListenerTls.Profile;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.ManagerFactoryParameters;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Sets up what makes TLS engines: BoringSSL's where it is, the JDK's elsewhere. */
final class Engines {
  /** Room for the native copies of certificates that were replaced and are still in use. */
  private static final int SPARE = 1000;

  private Engines() {}

  static SslProvider provider() {
    return OpenSsl.isAvailable() ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK;
  }

  /**
   * @param certificates how many may be in use
   * @param protocols for ALPN, the preferred first; empty: none is agreed on
   */
  static SslContext server(
      ListenerTls settings, NamedKeyManager keys, int certificates, List<String> protocols)
      throws TlsException {
    SslProvider provider = provider();
    KeyManagerFactory manager = new KeyManagers(keys);
    boolean boring = provider != SslProvider.JDK;
    SslContextBuilder builder =
        SslContextBuilder.forServer(
                boring
                    ? new OpenSslCachingX509KeyManagerFactory(manager, certificates + SPARE)
                    : manager)
            .sslProvider(provider)
            .enableOcsp(boring && Staples.isWanted(settings))
            .protocols(versions(settings.profile()))
            .ciphers(suites(settings));
    if (!protocols.isEmpty()) {
      builder.applicationProtocolConfig(alpn(protocols));
    }
    if (boring) {
      builder.option(OpenSslContextOption.USE_TASKS, false); // there is no other thread to use
      if (!settings.curves().isEmpty()) {
        builder.option(OpenSslContextOption.GROUPS, settings.curves().toArray(String[]::new));
      }
    }
    ClientCertificates client = settings.client();
    if (client == null) {
      // Without one, every context would hold all authorities that Java knows.
      builder.trustManager(FixedTrust.nobody());
    } else {
      boolean required = client.mode() == ClientCertificates.Mode.REQUIRED;
      builder
          .clientAuth(required ? ClientAuth.REQUIRE : ClientAuth.OPTIONAL)
          .trustManager(trust(client.authorities(), client.revoked(), "client"));
    }
    return build(builder);
  }

  private static TrustManagerFactory trust(
      String authorities, @Nullable String revoked, String section) throws TlsException {
    try {
      return Trust.of(authorities, revoked);
    } catch (TlsException e) {
      throw new TlsException(section + "." + e.key(), e.text(), e);
    }
  }

  /**
   * @param protocols for ALPN, the preferred first; empty: none is offered
   */
  static SslContext client(EndpointTls settings, List<String> protocols) throws TlsException {
    SslProvider provider = provider();
    SslContextBuilder builder =
        SslContextBuilder.forClient()
            .sslProvider(provider)
            .protocols("TLSv1.3", "TLSv1.2")
            .endpointIdentificationAlgorithm(settings.verify() ? "HTTPS" : null);
    if (!protocols.isEmpty()) {
      builder.applicationProtocolConfig(alpn(protocols));
    }
    String authorities = settings.authorities();
    if (!settings.verify()) {
      builder.trustManager(FixedTrust.everybody());
    } else if (authorities != null) {
      builder.trustManager(Trust.of(authorities, null));
    }
    if (provider != SslProvider.JDK) {
      builder.option(OpenSslContextOption.USE_TASKS, false);
    }
    if (settings.certificate() != null) {
      try {
        KeyedChain own = KeyedChain.load(settings.certificate());
        builder.keyManager(own.key(), own.chain());
      } catch (TlsException e) {
        throw new TlsException("certificate." + e.key(), e.text(), e);
      }
    }
    return build(builder);
  }

  private static SslContext build(SslContextBuilder builder) throws TlsException {
    try {
      return builder.build();
    } catch (SSLException | IllegalArgumentException e) {
      Throwable deepest = e;
      while (deepest.getCause() != null) {
        deepest = deepest.getCause();
      }
      throw new TlsException("", "TLS cannot be set up: " + deepest.getMessage(), e);
    }
  }

  private static ApplicationProtocolConfig alpn(List<String> protocols) {
    return new ApplicationProtocolConfig(
        Protocol.ALPN,
        SelectorFailureBehavior.NO_ADVERTISE,
        SelectedListenerFailureBehavior.ACCEPT,
        protocols);
  }

  private static List<String> versions(Profile profile) {
    return switch (profile) {
      case MODERN -> List.of("TLSv1.3");
      case INTERMEDIATE -> List.of("TLSv1.3", "TLSv1.2");
    };
  }

  private static List<String> suites(ListenerTls settings) {
    List<String> names = new ArrayList<>(CipherSuite.TLS_1_3);
    Stream<CipherSuite> chosen =
        settings.ciphers().isEmpty()
            ? CipherSuite.INTERMEDIATE.stream()
            : settings.ciphers().stream().map(CipherSuite::named).filter(suite -> suite != null);
    chosen.map(CipherSuite::iana).forEach(names::add);
    return names;
  }

  /** Hands out one key manager. */
  private static final class KeyManagers extends KeyManagerFactory {
    KeyManagers(NamedKeyManager keys) {
      super(
          new javax.net.ssl.KeyManagerFactorySpi() {
            @Override
            protected void engineInit(KeyStore store, char[] password) {}

            @Override
            protected void engineInit(ManagerFactoryParameters parameters) {}

            @Override
            protected javax.net.ssl.KeyManager[] engineGetKeyManagers() {
              return new javax.net.ssl.KeyManager[] {keys};
            }
          },
          new java.security.Provider("Steelyard", "1", "") {},
          "Steelyard");
    }
  }
}
