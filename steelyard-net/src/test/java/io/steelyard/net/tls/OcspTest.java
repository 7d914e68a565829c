package io.steelyard.net.tls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.steelyard.model.CertificateSpec;
import io.steelyard.model.KeyPath;
import io.steelyard.model.ListenerTls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** OCSP, against what OpenSSL makes of the same. */
class OcspTest {
  @TempDir private Path directory = Path.of("");
  private X509Bundle authority;
  private X509Bundle site;

  @BeforeEach
  void issue() throws Exception {
    authority =
        new CertificateBuilder()
            .ecp256()
            .subject("CN=Authority")
            .setIsCertificateAuthority(true)
            .buildSelfSigned();
    site = issued();
    write("authority.pem", authority.getCertificatePEM());
    write("authority.key", authority.getPrivateKeyPEM());
    write("site.pem", site.getCertificatePEM());
  }

  private X509Bundle issued() throws Exception {
    return new CertificateBuilder()
        .ecp256()
        .subject("CN=a")
        .addSanDnsName("a")
        .notAfter(Instant.now().plus(Duration.ofDays(9)))
        .buildIssuedBy(authority);
  }

  private String write(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text).toString();
  }

  private String openssl(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("openssl", "ocsp"));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectError(directory.resolve("errors").toFile())
            .start();
    String said = new String(process.getInputStream().readAllBytes(), US_ASCII);
    assertThat(process.waitFor()).as(Files.readString(directory.resolve("errors"))).isZero();
    return said;
  }

  /**
   * A response about the site's certificate.
   *
   * @param state as the index of {@code openssl ca} writes it, with when it was revoked
   */
  private byte[] response(String state, String... more) throws Exception {
    String serial =
        site.getCertificate().getSerialNumber().toString(16).toUpperCase(java.util.Locale.ROOT);
    String even = serial.length() % 2 == 0 ? serial : "0" + serial;
    write("index", state.formatted(even));
    List<String> arguments =
        new ArrayList<>(
            List.of("-index", "index", "-CA", "authority.pem", "-issuer", "authority.pem"));
    arguments.addAll(List.of("-rsigner", "authority.pem", "-rkey", "authority.key"));
    arguments.addAll(List.of("-cert", "site.pem", "-respout", "response"));
    arguments.addAll(List.of(more));
    openssl(arguments.toArray(String[]::new));
    return Files.readAllBytes(directory.resolve("response"));
  }

  private byte[] good() throws Exception {
    return response("V\t490101000000Z\t\t%s\tunknown\t/CN=a\n", "-ndays", "1", "-resp_no_certs");
  }

  @Test
  void theRequestIsTheOneThatOpensslMakes() throws Exception {
    openssl("-issuer", "authority.pem", "-cert", "site.pem", "-no_nonce", "-reqout", "request");
    assertThat(OcspRequest.of(site.getCertificate(), authority.getCertificate()))
        .isEqualTo(Files.readAllBytes(directory.resolve("request")));
  }

  @Test
  void aGoodResponseIsTakenForTheCertificateThatItIsAbout() throws Exception {
    OcspResponse response = OcspResponse.of(good());
    Instant now = Instant.now();
    assertThat(response.thisUpdate()).isBetween(now.minusSeconds(60), now);
    assertThat(response.isCurrent(now)).isTrue();
    assertThat(response.isCurrent(now.plus(Duration.ofHours(25)))).isFalse();
    response.requireFor(site.getCertificate(), authority.getCertificate());
    X509Certificate other = issued().getCertificate();
    assertThatThrownBy(() -> response.requireFor(other, authority.getCertificate()))
        .isInstanceOf(OcspResponse.UnusableException.class)
        .hasMessageStartingWith("is not a valid OCSP response about the certificate");
  }

  @Test
  void withoutAnEndItIsTakenAsItIs() throws Exception {
    OcspResponse response = OcspResponse.of(response("V\t490101000000Z\t\t%s\tunknown\t/CN=a\n"));
    assertThat(response.nextUpdate()).isNull();
    assertThat(response.isCurrent(Instant.now().plus(Duration.ofDays(1000)))).isTrue();
  }

  @Test
  void aBadOneIsRefusedWithWhatItSays() throws Exception {
    byte[] revoked = response("R\t490101000000Z\t260101000000Z\t%s\tunknown\t/CN=a\n");
    assertThatThrownBy(() -> OcspResponse.of(revoked))
        .hasMessage("says that the certificate is revoked");
    byte[] unknown = response("V\t490101000000Z\t\t77%s\tunknown\t/CN=a\n");
    assertThatThrownBy(() -> OcspResponse.of(unknown))
        .hasMessage("says that the certificate is not known");
    assertThatThrownBy(() -> OcspResponse.of(new byte[] {0x30, 3, 0x0a, 1, 6}))
        .hasMessage("is the OCSP failure unauthorized");
    assertThatThrownBy(() -> OcspResponse.of(new byte[0]))
        .hasMessage("is not an OCSP response in DER");
  }

  @Test
  void anotherAuthoritysSignatureIsNotEnough() throws Exception {
    OcspResponse response = OcspResponse.of(good());
    X509Bundle forger =
        new CertificateBuilder()
            .ecp256()
            .subject("CN=Authority")
            .setIsCertificateAuthority(true)
            .buildSelfSigned();
    assertThatThrownBy(() -> response.requireFor(site.getCertificate(), forger.getCertificate()))
        .isInstanceOf(OcspResponse.UnusableException.class);
  }

  /** Whatever is in the file: a message, or a response that its signature then proves false. */
  @Test
  void damagedResponsesAreRefused() throws Exception {
    byte[] good = good();
    Random random = new Random(11);
    int taken = 0;
    for (int round = 0; round < 2000; round++) {
      byte[] damaged = good.clone();
      damaged[random.nextInt(good.length)] ^= (byte) (1 + random.nextInt(255));
      taken += isTaken(cut(damaged, random)) ? 1 : 0;
    }
    assertThat(taken).as("what is not signed does not matter").isLessThan(200);
  }

  private boolean isTaken(byte[] bytes) {
    try {
      OcspResponse.of(bytes).requireFor(site.getCertificate(), authority.getCertificate());
      return true;
    } catch (OcspResponse.UnusableException e) {
      return false;
    }
  }

  private static byte[] cut(byte[] damaged, Random random) {
    return random.nextBoolean()
        ? damaged
        : java.util.Arrays.copyOf(damaged, random.nextInt(damaged.length));
  }

  // ---- the check of a configuration ----

  private String chain() throws Exception {
    return site.getCertificatePEM() + authority.getCertificatePEM();
  }

  private List<String> problems(String chain, byte[] response) throws Exception {
    Files.write(directory.resolve("site.ocsp"), response);
    CertificateSpec spec =
        new CertificateSpec(
            write("chain.pem", chain),
            write("site.key", site.getPrivateKeyPEM()),
            null,
            directory.resolve("site.ocsp").toString());
    return new TlsFileCheck(new CertificateReader())
        .problems(ListenerTls.of(List.of(spec)), KeyPath.ROOT.key("tls")).stream()
            .map(problem ->
                (problem.warning() ? "warning " : "")
                    + problem.path()
                    + ": "
                    + problem.message().replace(directory + "/", ""))
            .toList();
  }

  @Test
  void checkSaysWhatIsWrongWithAFile() throws Exception {
    String chain = chain();
    assertThat(problems(chain, good())).isEmpty();
    assertThat(problems(chain, new byte[] {1}))
        .containsExactly("tls.certificates[0].ocsp: site.ocsp is not an OCSP response in DER");
    assertThat(problems(site.getCertificatePEM(), good()))
        .containsExactly(
            "tls.certificates[0].ocsp: chain.pem has the certificate alone, expected its issuer's after it, to verify"
                + " site.ocsp by");
  }

  @Test
  void anOldFileIsAWarning() throws Exception {
    // Nobody makes them: one whose times are another year's.
    String text = new String(good(), ISO_8859_1);
    byte[] old = text.replaceAll("20\\d\\d(\\d{10}Z)", "2016$1").getBytes(ISO_8859_1);
    assertThat(problems(chain(), old))
        .singleElement()
        .asString()
        .startsWith("warning tls.certificates[0].ocsp: site.ocsp was to be replaced by ");
  }

  @Test
  void whoCannotBeAskedIsAWarning() throws Exception {
    CertificateSpec spec =
        new CertificateSpec(
            write("chain.pem", chain()), write("site.key", site.getPrivateKeyPEM()), null);
    assertThat(
            new TlsFileCheck(new CertificateReader())
                .problems(ListenerTls.of(List.of(spec)).withOcspFetch(true), KeyPath.ROOT))
        .singleElement()
        .satisfies(problem -> assertThat(problem.warning()).isTrue())
        .satisfies(
            problem -> assertThat(problem.message()).endsWith("which names no OCSP responder"));
  }
}
