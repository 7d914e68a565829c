package io.steelyard.net.tls;

import io.netty.handler.ssl.util.SimpleTrustManagerFactory;
import java.net.Socket;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.ManagerFactoryParameters;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** Trusts every certificate, or none. */
final class FixedTrust extends SimpleTrustManagerFactory {
  private final boolean trusts;

  private FixedTrust(boolean trusts) {
    this.trusts = trusts;
  }

  /** For endpoints that are not to be verified. */
  static TrustManagerFactory everybody() {
    return new FixedTrust(true);
  }

  /** For listeners that ask for no certificates. */
  static TrustManagerFactory nobody() {
    return new FixedTrust(false);
  }

  @Override
  protected void engineInit(KeyStore store) {}

  @Override
  protected void engineInit(ManagerFactoryParameters parameters) {}

  @Override
  protected TrustManager[] engineGetTrustManagers() {
    return new TrustManager[] {new Judge(trusts)};
  }

  /** Says the same of every certificate. An extended one, so that nobody checks names around it. */
  private static final class Judge extends X509ExtendedTrustManager {
    private final boolean trusts;

    Judge(boolean trusts) {
      this.trusts = trusts;
    }

    private void judge() throws CertificateException {
      if (!trusts) {
        throw new CertificateException("no certificate is trusted here");
      }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      judge();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      judge();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      judge();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      judge();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      judge();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      judge();
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
