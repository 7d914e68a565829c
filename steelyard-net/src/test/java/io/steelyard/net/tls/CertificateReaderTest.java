package io.steelyard.net.tls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.steelyard.model.CertificateSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates are read quickly and once, and no less is found out. */
class CertificateReaderTest {
  @TempDir private Path directory = Path.of("");

  private static CertificateBuilder named(String... names) {
    CertificateBuilder builder = new CertificateBuilder().ecp256().subject("CN=subject.example");
    List.of(names).forEach(builder::addSanDnsName);
    return builder.setIsCertificateAuthority(true);
  }

  private static byte[] pem(X509Bundle made) {
    return made.getCertificatePEM().getBytes(ISO_8859_1);
  }

  private static byte[] key(X509Bundle made) {
    return made.getPrivateKeyPEM().getBytes(ISO_8859_1);
  }

  private CertificateSpec write(X509Bundle made) throws IOException {
    Path certificate = Files.write(directory.resolve("c.pem"), pem(made));
    Path secret = Files.write(directory.resolve("c.key"), key(made));
    return new CertificateSpec(certificate.toString(), secret.toString(), null);
  }

  @Test
  void aGlanceSeesWhatJavaSees() throws Exception {
    List<CertificateBuilder> kinds =
        List.of(
            named("a.example.com", "b.Example.com"),
            named("x").rsa2048(),
            named("late").notAfter(Instant.parse("2061-02-03T04:05:06Z")),
            named("early")
                .notBefore(Instant.parse("1998-01-01T00:00:00Z"))
                .notAfter(Instant.parse("1999-12-31T23:59:59Z")));
    for (CertificateBuilder kind : kinds) {
      X509Bundle made = kind.buildSelfSigned();
      CertificateFacts glance = Objects.requireNonNull(CertificateGlance.of(pem(made), 7));
      assertThat(glance.names()).isEqualTo(CertificateNames.of(made.getCertificate()));
      assertThat(glance.notAfter()).isEqualTo(made.getCertificate().getNotAfter().toInstant());
      assertThat(glance.elliptic())
          .isEqualTo(made.getCertificate().getPublicKey().getAlgorithm().equals("EC"));
      assertThat(glance.stamp()).isEqualTo(7);
    }
  }

  @Test
  void whatIsUnusualIsLeftToJava() throws Exception {
    assertThat(CertificateGlance.of(pem(named().buildSelfSigned()), 1)).isNull();
    assertThat(
            CertificateGlance.of(
                pem(named("a").algorithm(CertificateBuilder.Algorithm.ed25519).buildSelfSigned()),
                1))
        .isNull();
    assertThat(CertificateGlance.of("nothing".getBytes(ISO_8859_1), 1)).isNull();
  }

  /** Whatever a file holds, a glance ends, and without an exception. */
  @Test
  void damagedCertificates() throws Exception {
    String good = named("a.example.com").buildSelfSigned().getCertificatePEM();
    SplittableRandom random = new SplittableRandom(5);
    int seen = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = good.getBytes(ISO_8859_1);
      for (int n = random.nextInt(1, 4); n > 0; n--) {
        bytes[random.nextInt(bytes.length)] = (byte) ('+' + random.nextInt(80));
      }
      seen += CertificateGlance.of(bytes, 1) == null ? 0 : 1;
    }
    assertThat(seen).isBetween(1, 19_999);
  }

  @Test
  void theEngineProvesPairs() throws Exception {
    X509Bundle elliptic = named("a").buildSelfSigned();
    X509Bundle rsa = named("a").rsa2048().buildSelfSigned();
    try (EngineProof proof = EngineProof.open()) {
      for (X509Bundle made : List.of(elliptic, rsa)) {
        assertThat(proof.holds(pem(made), key(made))).isTrue();
        assertThat(proof.holds(pem(made), key(named("a").buildSelfSigned()))).isFalse();
        assertThat(proof.holds(pem(made), new byte[0])).isFalse();
        assertThat(proof.holds(key(made), key(made))).isFalse();
      }
    }
  }

  @Test
  void whatWasLookedAtIsNotReadAgainUnlessItChanged() throws Exception {
    CertificateReader reader = new CertificateReader();
    CertificateSpec spec = write(named("one").buildSelfSigned());
    try (EngineProof proof = EngineProof.open()) {
      CertificateFacts looked = reader.look(spec, proof);
      assertThat(reader.take(spec, proof)).isSameAs(looked);
      assertThat(reader.take(spec, proof)).isEqualTo(looked).isNotSameAs(looked);
      reader.look(spec, proof);
      write(named("another-one").buildSelfSigned());
      assertThat(reader.take(spec, proof).names()).containsExactly("another-one");
      Files.delete(Path.of(spec.certificate()));
      assertThatExceptionOfType(TlsException.class)
          .isThrownBy(() -> reader.take(spec, proof))
          .withMessageContaining("it does not exist");
    }
  }
}
