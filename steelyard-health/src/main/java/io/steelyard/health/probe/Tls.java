package io.steelyard.health.probe;

import io.steelyard.balance.health.Layer;
import io.steelyard.model.ProbeTls;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** The TLS of probes, by Java's own implementation. Thread-safe. */
final class Tls {
  private final ProbeTls spec;
  private final String protocol;
  private final @Nullable SSLContext context;

  /** Why there is no context: each probe fails with it, until the configuration is mended. */
  private final String problem;

  private Tls(ProbeTls spec, String protocol, @Nullable SSLContext context, String problem) {
    this.spec = spec;
    this.protocol = protocol;
    this.context = context;
    this.problem = problem;
  }

  /** Null for null: no encryption. */
  static @Nullable Tls of(@Nullable ProbeTls spec) {
    return of(spec, "");
  }

  /**
   * The same, and the endpoint must agree (ALPN, RFC 7301) to speak a protocol.
   *
   * @param protocol such as {@code h2}; empty: none is named
   */
  static @Nullable Tls of(@Nullable ProbeTls spec, String protocol) {
    if (spec == null) {
      return null;
    }
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(null, trust(spec), null);
      return new Tls(spec, protocol, context, "");
    } catch (IOException | GeneralSecurityException e) {
      return new Tls(
          spec, protocol, null, "authorities " + spec.authorities() + ": " + e.getMessage());
    }
  }

  private static TrustManager @Nullable [] trust(ProbeTls spec)
      throws IOException, GeneralSecurityException {
    if (!spec.verify()) {
      return new TrustManager[] {new TrustAnybody()};
    }
    if (spec.authorities() == null) {
      return null;
    }
    var store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (var in = new FileInputStream(spec.authorities())) {
      int count = 0;
      for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("authority-" + count++, certificate);
      }
    }
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  /** Encrypts a connection. The result closes it. */
  Socket handshake(Socket plain, ProbeTarget target, Deadline deadline) throws ProbeFailure {
    if (context == null) {
      throw new ProbeFailure(Layer.TLS, problem);
    }
    var host = spec.serverName() == null ? target.host() : spec.serverName();
    try {
      var socket =
          (SSLSocket)
              context.getSocketFactory().createSocket(plain, host, target.address().port(), true);
      var parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm(spec.verify() ? "HTTPS" : "");
      if (spec.serverName() != null) {
        parameters.setServerNames(List.of(new SNIHostName(host)));
      }
      if (!protocol.isEmpty()) {
        parameters.setApplicationProtocols(new String[] {protocol});
      }
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      requireProtocol(socket);
      return socket;
    } catch (SocketTimeoutException e) {
      throw new ProbeFailure(Layer.TLS, "no handshake within " + deadline);
    } catch (SSLException e) {
      throw new ProbeFailure(Layer.TLS, String.valueOf(innermost(e).getMessage()));
    } catch (IOException | IllegalArgumentException e) {
      throw new ProbeFailure(Layer.TLS, String.valueOf(e.getMessage()));
    }
  }

  private void requireProtocol(SSLSocket socket) throws ProbeFailure {
    if (!protocol.isEmpty() && !protocol.equals(socket.getApplicationProtocol())) {
      throw new ProbeFailure(Layer.TLS, "did not agree to speak " + protocol + " (ALPN)");
    }
  }

  private static Throwable innermost(Throwable e) {
    var cause = e.getCause(); // a throwable is never its own
    return cause == null ? e : innermost(cause);
  }

  /** For {@code verify: false}: the user has said that anybody will do. */
  private static final class TrustAnybody extends javax.net.ssl.X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(
        X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(
        X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
