package io.steelyard.e2e;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.pkitesting.CertificateBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an issuer says of a certificate reaches clients: OpenSSL's responder, OpenSSL's client. */
class StaplingIT {
  private static final String SERIAL = "5EED";
  private static final byte[] OCSP = HexFormat.of().parseHex("06082b06010505073001");

  @TempDir private Path directory = Path.of("");
  private Tls tls;
  @AutoClose private Nginx nginx;

  @BeforeEach
  void start() throws IOException {
    tls = Tls.in(directory);
    nginx = Nginx.start(directory, "nginx");
  }

  private Steelyard run(String certificate, String more) {
    String yaml = tls.yaml(List.of(nginx.address()), "      check-interval: 1s\n" + more);
    return Steelyard.run(
        directory, yaml.replace("key: " + tls.key(), "key: " + tls.key() + certificate));
  }

  @Test
  void aResponseInAFileIsStapledAndReplaced() throws Exception {
    Path file = directory.resolve("site.ocsp");
    issue("http://127.0.0.1/");
    respond(file, "V", 1);
    try (Steelyard steelyard = run(", ocsp: " + file, "")) {
      assertThat(stapled(steelyard)).contains("Response Status: successful", "Cert Status: good");
      assertThat(metric(steelyard, "stapled_certificates")).isEqualTo("1.0");
      Files.writeString(file, "nonsense");
      await().until(() -> metric(steelyard, "failed_staples_total").equals("1.0"));
      respond(file, "R\t260101000000Z", 1);
      await().until(() -> metric(steelyard, "failed_staples_total").equals("2.0"));
      assertThat(stapled(steelyard)).contains("Cert Status: good");
      respond(file, "V", 400);
      String later =
          Integer.toString(
              Instant.now().plus(Duration.ofDays(400)).atOffset(ZoneOffset.UTC).getYear());
      await().until(() -> stapled(steelyard).matches("(?s).*Next Update: .* " + later + " GMT.*"));
      steelyard.stop();
    }
  }

  @Test
  void theResponderThatTheCertificateNamesIsAsked() throws Exception {
    Program responder = Program.start(directory, "responder", ocsp("V", "-port", "0"));
    try (responder) {
      String port = responder.awaitOutput("ACCEPT .*:(\\d+) ").group(1);
      issue("http://127.0.0.1:" + port + "/ocsp");
      try (Steelyard steelyard = run("", "      ocsp-fetch: true")) {
        await().until(() -> metric(steelyard, "stapled_certificates").equals("1.0"));
        assertThat(stapled(steelyard)).contains("Response Status: successful", "Cert Status: good");
        steelyard.stop();
      }
    }
  }

  /** A certificate that names this responder. */
  private void issue(String responder) throws IOException {
    byte[] name = responder.getBytes(US_ASCII);
    ByteArrayOutputStream access = new ByteArrayOutputStream();
    access.writeBytes(
        new byte[] {0x30, (byte) (14 + name.length), 0x30, (byte) (12 + name.length)});
    access.writeBytes(OCSP);
    access.writeBytes(new byte[] {(byte) 0x86, (byte) name.length});
    access.writeBytes(name);
    tls.issue(
        new CertificateBuilder()
            .ecp256()
            .serial(new BigInteger(SERIAL, 16))
            .subject("CN=" + Tls.NAME)
            .addSanDnsName(Tls.NAME)
            .notBefore(Instant.now().minus(Duration.ofHours(1)))
            .notAfter(Instant.now().plus(Duration.ofDays(90)))
            .addExtensionOctetString("1.3.6.1.5.5.7.1.1", false, access.toByteArray()));
    Files.writeString(
        tls.certificate(), Files.readString(tls.authorities()), StandardOpenOption.APPEND);
  }

  private void respond(Path file, String state, int days) throws Exception {
    Path fresh = directory.resolve("fresh.ocsp");
    String[] about = {
      "-issuer",
      tls.authorities().toString(),
      "-cert",
      tls.certificate().toString(),
      "-respout",
      fresh.toString()
    };
    List<String> command = ocsp(state, about);
    command = Stream.concat(command.stream(), Stream.of("-ndays", Integer.toString(days))).toList();
    Program.run(directory, "ocsp", command);
    Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
  }

  /**
   * OpenSSL as a responder.
   *
   * @param state of the certificate, as its index writes it
   */
  private List<String> ocsp(String state, String... more) throws IOException {
    Path index = directory.resolve("index.txt");
    String revoked = state.startsWith("R") ? state : state + "\t";
    String[] columns = revoked.split("\t", -1);
    Files.writeString(
        index,
        columns[0]
            + "\t490101000000Z\t"
            + columns[1]
            + "\t"
            + SERIAL
            + "\tunknown\t/CN="
            + Tls.NAME
            + "\n");
    String authority = tls.authorities().toString();
    List<String> command =
        List.of(
            Tool.OPENSSL.path(),
            "ocsp",
            "-index",
            index.toString(),
            "-CA",
            authority,
            "-rsigner",
            authority,
            "-rkey",
            tls.authorityKey().toString());
    return Stream.concat(command.stream(), Stream.of(more)).toList();
  }

  /** What a client is told along with the certificate. */
  private String stapled(Steelyard steelyard) throws InterruptedException {
    return Program.run(
        directory,
        "s_client",
        List.of(
            Tool.OPENSSL.path(),
            "s_client",
            "-connect",
            steelyard.address("secure"),
            "-servername",
            Tls.NAME,
            "-CAfile",
            tls.authorities().toString(),
            "-status"));
  }

  private static String metric(Steelyard steelyard, String name) throws Exception {
    String page = steelyard.admin("/metrics").body();
    return page.lines()
        .filter(line -> line.startsWith("steelyard_tls_" + name + "{"))
        .map(line -> line.substring(line.lastIndexOf(' ') + 1))
        .collect(Collectors.joining(","));
  }
}
