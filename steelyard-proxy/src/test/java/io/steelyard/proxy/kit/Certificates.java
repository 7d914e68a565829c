package io.steelyard.proxy.kit;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.steelyard.model.CertificateSpec;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** An authority of the test's own, certificates of it in files, and clients that trust it. */
public final class Certificates {
  private static final char[] NO_PASSWORD = new char[0];

  private final Path directory;
  private final X509Bundle authority;
  private int made;

  public Certificates(Path directory) throws Exception {
    this.directory = directory;
    this.authority =
        new CertificateBuilder()
            .subject("CN=Test Authority")
            .setIsCertificateAuthority(true)
            .ecp256()
            .buildSelfSigned();
  }

  public X509Bundle elliptic(String... names) throws Exception {
    return issue(new CertificateBuilder().ecp256(), names);
  }

  public X509Bundle rsa(String... names) throws Exception {
    return issue(new CertificateBuilder().rsa2048(), names);
  }

  private X509Bundle issue(CertificateBuilder builder, String... names) throws Exception {
    builder.subject("CN=" + names[0]).notAfter(Instant.now().plus(Duration.ofDays(100)));
    for (String name : names) {
      if (!name.startsWith(
          "*")) { // the builder knows no wildcards; the common name stands for them
        builder.addSanDnsName(name);
      }
    }
    return builder.buildIssuedBy(authority);
  }

  /** In two new files. */
  public CertificateSpec files(X509Bundle certificate) throws IOException {
    Path chain = directory.resolve(made + ".pem");
    Path key = directory.resolve(made++ + ".key");
    CertificateSpec spec = new CertificateSpec(chain.toString(), key.toString(), null);
    write(certificate, spec);
    return spec;
  }

  /** In the files of another. */
  public static void write(X509Bundle certificate, CertificateSpec spec) throws IOException {
    String key = spec.key();
    if (key != null) {
      Files.writeString(Path.of(key), certificate.getPrivateKeyPEM());
    }
    Files.writeString(Path.of(spec.certificate()), certificate.getCertificatePathPEM());
  }

  /** The authority alone, in a new file. */
  public String authorities() throws IOException {
    return Files.writeString(directory.resolve("ca-" + made++), authority.getCertificatePEM())
        .toString();
  }

  /** What a client that trusts the authority needs. */
  public SSLContext trusting(@Nullable X509Bundle own) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry("authority", authority.getCertificate());
    trust.init(store);
    context.init(own == null ? null : keys(own).getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  private static KeyManagerFactory keys(X509Bundle own)
      throws GeneralSecurityException, IOException {
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "own", own.getKeyPair().getPrivate(), NO_PASSWORD, own.getCertificatePathWithRoot());
    keys.init(store, NO_PASSWORD);
    return keys;
  }

  /** Makes sockets that show this certificate, and ask for one of the authority's if wanted. */
  public SSLServerSocketFactory serving(X509Bundle own) throws Exception {
    return serverContext(own).getServerSocketFactory();
  }

  /** What a server with this certificate needs. */
  public SSLContext serverContext(X509Bundle own) throws Exception {
    return trusting(own);
  }

  /**
   * A client's handshake for {@code name}, of which the certificate is checked.
   *
   * @param name null: it names nothing, and checks no name
   */
  public static SSLSocket connect(
      SSLContext context, int port, @Nullable String name, String... protocols) throws IOException {
    SSLParameters parameters = new SSLParameters();
    if (protocols.length > 0) {
      parameters.setProtocols(protocols);
    }
    return connect(context, port, name, parameters);
  }

  public static SSLSocket connect(
      SSLContext context, int port, @Nullable String name, SSLParameters parameters)
      throws IOException {
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout((int) Wire.PATIENCE.toMillis());
    if (name != null) {
      parameters.setServerNames(java.util.List.of(new javax.net.ssl.SNIHostName(name)));
    } else {
      parameters.setServerNames(java.util.List.of());
    }
    socket.setSSLParameters(parameters);
    try {
      socket.startHandshake();
    } catch (IOException e) {
      socket.close();
      throw e;
    }
    return socket;
  }
}
