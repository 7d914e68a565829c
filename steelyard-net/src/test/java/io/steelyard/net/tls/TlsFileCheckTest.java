package io.steelyard.net.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.steelyard.model.CertificateSpec;
import io.steelyard.model.ClientCertificates;
import io.steelyard.model.EndpointTls;
import io.steelyard.model.KeyPath;
import io.steelyard.model.ListenerTls;
import io.steelyard.model.TlsTickets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong with files is told with the key that names them. */
class TlsFileCheckTest {
  @TempDir private Path directory = Path.of("");

  private static X509Bundle elliptic() throws Exception {
    return new CertificateBuilder()
        .ecp256()
        .subject("CN=a")
        .setIsCertificateAuthority(true)
        .buildSelfSigned();
  }

  private static X509Bundle rsa() throws Exception {
    return new CertificateBuilder()
        .rsa2048()
        .subject("CN=a")
        .setIsCertificateAuthority(true)
        .buildSelfSigned();
  }

  private String file(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text).toString();
  }

  private CertificateSpec files(String certificate, String key) throws IOException {
    return new CertificateSpec(file("c.pem", certificate), file("c.key", key), null);
  }

  private List<String> problems(CertificateSpec spec) {
    return problems(ListenerTls.of(List.of(spec)));
  }

  private List<String> problems(ListenerTls tls) {
    return new TlsFileCheck(new CertificateReader())
        .problems(tls, KeyPath.ROOT.key("tls")).stream()
            .map(problem -> problem.path() + ": " + problem.message().replace(directory + "/", ""))
            .toList();
  }

  @Test
  void goodFiles() throws Exception {
    for (X509Bundle made : List.of(elliptic(), rsa())) {
      assertThat(problems(files(made.getCertificatePEM(), made.getPrivateKeyPEM()))).isEmpty();
      String both = file("both.pem", made.getCertificatePEM() + made.getPrivateKeyPEM());
      assertThat(problems(new CertificateSpec(both, null, null))).isEmpty();
      Path store = made.toTempKeyStoreFile("secret".toCharArray()).toPath();
      String password = file("password", "secret\n");
      assertThat(problems(new CertificateSpec(store.toString(), null, password))).isEmpty();
    }
  }

  /** As {@code openssl ecparam -genkey} and {@code openssl genrsa -traditional} write them. */
  @Test
  void keysInTheirOwnForms() throws Exception {
    Map<String, List<String>> commands =
        Map.of(
            "ec", List.of("openssl", "ecparam", "-name", "prime256v1", "-genkey"),
            "rsa", List.of("openssl", "genrsa", "-traditional", "2048"));
    for (var command : commands.entrySet()) {
      byte[] key = run(command.getValue());
      Path keyFile = Files.write(directory.resolve("own.key"), key);
      byte[] certificate =
          run(
              List.of(
                  "openssl",
                  "req",
                  "-x509",
                  "-key",
                  keyFile.toString(),
                  "-subj",
                  "/CN=a",
                  "-days",
                  "9"));
      Path certificateFile = Files.write(directory.resolve("own.pem"), certificate);
      assertThat(
              problems(new CertificateSpec(certificateFile.toString(), keyFile.toString(), null)))
          .as(command.getKey())
          .isEmpty();
    }
  }

  private static byte[] run(List<String> command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    byte[] said = process.getInputStream().readAllBytes();
    assertThat(process.waitFor()).isZero();
    return said;
  }

  @Test
  void badFiles() throws Exception {
    X509Bundle made = elliptic();
    String certificate = made.getCertificatePEM();
    String key = made.getPrivateKeyPEM();
    assertThat(problems(new CertificateSpec("/nowhere", null, null)))
        .containsExactly(
            "tls.certificates[0].certificate: /nowhere cannot be read: it does not exist");
    assertThat(problems(files("", key)))
        .containsExactly(
            "tls.certificates[0].certificate: c.pem has no certificate, expected PEM with -----BEGIN CERTIFICATE-----");
    assertThat(problems(files(certificate, "nothing")).getFirst())
        .startsWith("tls.certificates[0].key: c.key has 0 private keys, expected one in PEM");
    assertThat(problems(files(certificate, elliptic().getPrivateKeyPEM())).getFirst())
        .startsWith(
            "tls.certificates[0].key: c.key has a private key that does not belong to the certificate in c.pem");
    assertThat(problems(files(certificate, rsa().getPrivateKeyPEM())).getFirst())
        .contains("does not belong to the certificate");
    assertThat(problems(files(certificate, key.replaceFirst("M", "!"))).getFirst())
        .startsWith("tls.certificates[0].key: c.key has a private key that cannot be read");
    assertThat(
            problems(files(certificate, key.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY")))
                .getFirst())
        .startsWith("tls.certificates[0].key: c.key has an encrypted private key");
    Path store = made.toTempKeyStoreFile("secret".toCharArray()).toPath();
    assertThat(problems(new CertificateSpec(store.toString(), null, null)).getFirst())
        .contains("is neither PEM nor PKCS#12 with that password");
  }

  @Test
  void expired() throws Exception {
    X509Bundle made =
        new CertificateBuilder()
            .ecp256()
            .subject("CN=a")
            .notBefore(Instant.parse("2020-01-01T00:00:00Z"))
            .notAfter(Instant.parse("2021-01-01T00:00:00Z"))
            .setIsCertificateAuthority(true)
            .buildSelfSigned();
    assertThat(problems(files(made.getCertificatePEM(), made.getPrivateKeyPEM())))
        .containsExactly(
            "tls.certificates[0].certificate: c.pem expired at 2021-01-01T00:00:00Z, expected a certificate that is valid");
  }

  private ListenerTls with(
      List<String> ciphers,
      List<String> curves,
      @Nullable String keysFile,
      @Nullable ClientCertificates client)
      throws Exception {
    X509Bundle made = elliptic();
    CertificateSpec own = files(made.getCertificatePEM(), made.getPrivateKeyPEM());
    return ListenerTls.of(List.of(own))
        .withCiphers(ciphers)
        .withCurves(curves)
        .withTickets(new TlsTickets(true, keysFile, Duration.ofHours(1)))
        .withClient(client);
  }

  @Test
  void namesOfAlgorithms() throws Exception {
    assertThat(
            problems(
                with(
                    List.of(
                        "ECDHE-RSA-AES128-GCM-SHA256", "TLS_RSA_WITH_AES_128_CBC_SHA", "RC4-MD5"),
                    List.of("X25519", "P-257"),
                    null,
                    null)))
        .hasSize(2)
        .anyMatch(text -> text.startsWith("tls.ciphers[2]: 'RC4-MD5' is not a cipher suite"))
        .anyMatch(text -> text.startsWith("tls.curves[1]: 'P-257' is not a group"));
  }

  @Test
  void ticketsAndAuthorities() throws Exception {
    String keys = file("keys", "x".repeat(47));
    String empty = file("empty", "");
    String authority = file("ca", elliptic().getCertificatePEM());
    assertThat(problems(with(List.of(), List.of(), keys, null)))
        .containsExactly("tls.tickets.keys-file: keys has 47 bytes, expected 48 for each key");
    ClientCertificates noCa =
        new ClientCertificates(empty, ClientCertificates.Mode.REQUIRED, null, false);
    assertThat(problems(with(List.of(), List.of(), null, noCa)).getFirst())
        .startsWith("tls.client.authorities: empty has no certificate");
    ClientCertificates noList =
        new ClientCertificates(authority, ClientCertificates.Mode.REQUIRED, empty, false);
    assertThat(problems(with(List.of(), List.of(), null, noList)).getFirst())
        .startsWith("tls.client.revoked: empty");
  }

  @Test
  void poolsToo() {
    assertThat(
            new TlsFileCheck(new CertificateReader())
                .problems(
                    new EndpointTls(true, "/nowhere", null, new CertificateSpec("/no", null, null)),
                    KeyPath.ROOT.key("tls")))
        .extracting(problem -> problem.path().toString())
        .containsExactly("tls.authorities", "tls.certificate.certificate");
  }
}
