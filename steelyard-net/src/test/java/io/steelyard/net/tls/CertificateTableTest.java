package io.steelyard.net.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.steelyard.model.CertificateSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which certificate is for which name. */
class CertificateTableTest {
  @TempDir private Path directory = Path.of("");
  private int made;

  private CertificateEntry entry(CertificateBuilder builder, String name) throws Exception {
    X509Bundle bundle =
        builder.subject("CN=" + name).setIsCertificateAuthority(true).buildSelfSigned();
    CertificateSpec spec = write(bundle);
    try (EngineProof proof = EngineProof.open()) {
      return new CertificateEntry(
          spec, Integer.toString(made), new CertificateReader().take(spec, proof));
    }
  }

  private CertificateSpec write(X509Bundle bundle) throws IOException {
    Path file = directory.resolve(made++ + ".pem");
    Files.writeString(file, bundle.getCertificatePEM() + bundle.getPrivateKeyPEM());
    return new CertificateSpec(file.toString(), null, null);
  }

  private CertificateEntry elliptic(String name) throws Exception {
    return entry(new CertificateBuilder().ecp256(), name);
  }

  private CertificateEntry rsa(String name) throws Exception {
    return entry(new CertificateBuilder().rsa2048(), name);
  }

  @Test
  void exactBeforeWildcardBeforeNothing() throws Exception {
    CertificateEntry exact = elliptic("www.example.com");
    CertificateEntry wild = elliptic("*.Example.com");
    CertificateTable table = new CertificateTable(List.of(exact, wild));
    assertThat(found(table, "WWW.example.COM")).isSameAs(exact);
    assertThat(found(table, "x.example.com")).isSameAs(wild);
    assertThat(table.find("example.com")).isNull();
    assertThat(table.find("a.b.example.com")).isNull();
    assertThat(table.find(".example.com")).isNull();
    assertThat(table.find("")).isNull();
    assertThat(table.fallback().elliptic()).isSameAs(exact);
  }

  private static CertificateEntry found(CertificateTable table, String name) {
    return Objects.requireNonNull(Objects.requireNonNull(table.find(name)).elliptic());
  }

  @Test
  void bothKindsOfOneName() throws Exception {
    CertificateEntry rsa = rsa("a");
    CertificateEntry elliptic = elliptic("a");
    CertificateEntry second = elliptic("a");
    CertificateTable table = new CertificateTable(List.of(rsa, elliptic, second));
    assertThat(table.find("a")).isEqualTo(new CertificateTable.Choice(elliptic, rsa));
    assertThat(table.fallback()).isEqualTo(table.find("a"));
    assertThat(table.byAlias(second.alias())).isSameAs(second);
    assertThat(table.byAlias("none")).isNull();
  }

  @Test
  void changedFilesAreStale() throws Exception {
    CertificateEntry entry = elliptic("a");
    assertThat(entry.isStale()).isFalse();
    Files.writeString(Path.of(entry.spec().certificate()), "x");
    assertThat(entry.isStale()).isTrue();
    List<CertificateEntry> entries = new ArrayList<>(List.of(entry));
    entries.add(elliptic("b"));
    assertThat(entries.getLast().isStale()).isFalse();
  }
}
