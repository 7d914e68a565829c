package io.steelyard.e2e;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** An authority of the test's own, a certificate of it in files, and a configuration with both. */
final class Tls {
  /** For which the certificate is, besides 127.0.0.1. */
  static final String NAME = "www.example.com";

  private final Path directory;
  private final X509Bundle authority;

  private Tls(Path directory, X509Bundle authority) {
    this.directory = directory;
    this.authority = authority;
  }

  static Tls in(Path directory) throws IOException {
    try {
      X509Bundle authority =
          new CertificateBuilder()
              .subject("CN=Test Authority")
              .setIsCertificateAuthority(true)
              .ecp256()
              .buildSelfSigned();
      Tls tls = new Tls(directory, authority);
      Files.writeString(tls.authorities(), authority.getCertificatePEM());
      tls.issue();
      return tls;
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Writes another certificate into the same files; returns its serial number. */
  String issue() throws IOException {
    return issue(
        new CertificateBuilder()
            .rsa2048()
            .subject("CN=" + NAME)
            .addSanDnsName(NAME)
            .addSanIpAddress("127.0.0.1")
            .notBefore(Instant.now().minus(Duration.ofHours(1)))
            .notAfter(Instant.now().plus(Duration.ofDays(90))));
  }

  /** The same with a certificate as described. */
  String issue(CertificateBuilder described) throws IOException {
    try {
      X509Bundle bundle = described.buildIssuedBy(authority);
      Files.writeString(key(), bundle.getPrivateKeyPEM());
      Files.writeString(certificate(), bundle.getCertificatePathPEM());
      return bundle.getCertificate().getSerialNumber().toString(16);
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  Path authorities() {
    return directory.resolve("authorities.pem");
  }

  /** Writes the authority's own key to a file. */
  Path authorityKey() throws IOException {
    return Files.writeString(directory.resolve("authority.key"), authority.getPrivateKeyPEM());
  }

  Path certificate() {
    return directory.resolve("site.pem");
  }

  Path key() {
    return directory.resolve("site.key");
  }

  /** Listeners {@code plain} and {@code secure} in front of these endpoints. */
  String yaml(List<InetSocketAddress> endpoints) {
    return yaml(endpoints, "");
  }

  /**
   * @param more lines within {@code tls}, indented by six spaces
   */
  String yaml(List<InetSocketAddress> endpoints, String more) {
    List<String> addresses =
        endpoints.stream().map(e -> e.getHostString() + ":" + e.getPort()).toList();
    return """
    admin: { address: "127.0.0.1:0" }
    listeners:
      plain:
        address: 127.0.0.1:0
        pool: site
      secure:
        address: 127.0.0.1:0
        pool: site
        tls:
          certificates: [{ certificate: %s, key: %s }]
    %s
    pools:
      site:
        endpoints: [%s]
    """
        .formatted(certificate(), key(), more, String.join(", ", addresses));
  }
}
