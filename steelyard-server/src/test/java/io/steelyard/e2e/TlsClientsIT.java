package io.steelyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Clients that are not ours, over TLS and HTTP/2. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TlsClientsIT {
  private static final int FILE_BYTES = 8_000_000;
  private static final String PAGE =
      """
      <!doctype html><title>page</title><p id="p">none</p><script>
        document.getElementById("p").textContent =
            "came by " + performance.getEntriesByType("navigation")[0].nextHopProtocol;
      </script>
      """;

  private Path directory = Path.of("");
  private Tls tls;
  @AutoClose private Nginx nginx;
  @AutoClose private Steelyard steelyard;
  private final byte[] content = new byte[FILE_BYTES];

  @BeforeAll
  void start(@TempDir Path temporary) throws IOException {
    directory = temporary;
    tls = Tls.in(directory);
    nginx = Nginx.start(directory, "nginx");
    new Random(7).nextBytes(content);
    Files.write(nginx.root().resolve("file"), content);
    Files.writeString(nginx.root().resolve("page.html"), PAGE);
    steelyard =
        Steelyard.run(directory, tls.yaml(List.of(nginx.address()), "      check-interval: 1s"));
  }

  @AfterAll
  void stop() throws InterruptedException {
    steelyard.stop();
  }

  private String secure(String path) {
    return "https://" + steelyard.address("secure") + path;
  }

  private String plain(String path) {
    return "http://" + steelyard.address("plain") + path;
  }

  private List<String> curl(String... arguments) {
    List<String> command = new ArrayList<>();
    command.addAll(List.of(Tool.CURL.path(), "--silent", "--show-error", "--max-time", "60"));
    command.addAll(List.of("--cacert", tls.authorities().toString()));
    command.addAll(List.of(arguments));
    return command;
  }

  private String run(List<String> command) throws InterruptedException {
    return Program.run(directory, Path.of(command.getFirst()).getFileName().toString(), command);
  }

  @Test
  void curlGetsItInEveryVersion() throws InterruptedException {
    String[] wanted = {"--output", "/dev/null", "--write-out", "%{http_version} %{http_code}"};
    assertThat(run(curl(with(wanted, "--http2", secure("/name"))))).isEqualTo("2 200");
    assertThat(run(curl(with(wanted, "--http1.1", secure("/name"))))).isEqualTo("1.1 200");
    assertThat(run(curl(with(wanted, "--http2-prior-knowledge", plain("/name")))))
        .isEqualTo("2 200");
    assertThat(run(curl(with(wanted, "--tls-max", "1.2", secure("/name"))))).isEqualTo("2 200");
  }

  private static String[] with(String[] some, String... more) {
    List<String> all = new ArrayList<>(List.of(some));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  @Test
  void curlMovesLargeFilesBothWays() throws IOException, InterruptedException {
    Path file = directory.resolve("download");
    run(curl("--http2", "--output", file.toString(), secure("/file")));
    assertThat(file).hasBinaryContent(content);
    run(curl("--http2", "--fail", "--upload-file", file.toString(), secure("/put/uploaded")));
    assertThat(nginx.root().resolve("uploaded")).hasBinaryContent(content);
  }

  @Test
  void nghttpGetsSeveralAtATime() throws InterruptedException {
    String output =
        run(
            List.of(
                Tool.NGHTTP.path(),
                "--null-out",
                "--stat",
                "--no-verify-peer",
                "--multiply=20",
                secure("/name"),
                secure("/chunked/page.html")));
    assertThat(output.lines().filter(line -> line.matches(".* 200 .*/(name|chunked.*)")))
        .hasSize(40);
  }

  @Test
  void h2loadFindsNothingMissing() throws InterruptedException {
    for (String url : List.of(secure("/name"), plain("/name"))) {
      String output =
          run(
              List.of(
                  Tool.H2LOAD.path(),
                  "--requests=2000",
                  "--clients=4",
                  "--max-concurrent-streams=32",
                  url));
      assertThat(output)
          .contains("2000 done, 2000 succeeded, 0 failed, 0 errored, 0 timeout")
          .contains("status codes: 2000 2xx");
    }
  }

  /** What sslscan would show in red or yellow: old versions, weak suites, renegotiation, leaks. */
  @Test
  void sslscanFindsNothing() throws InterruptedException {
    String output =
        run(List.of(Tool.SSLSCAN.path(), "--no-colour", "--xml=-", steelyard.address("secure")));
    assertThat(output)
        .contains("<protocol type=\"tls\" version=\"1.2\" enabled=\"1\" />")
        .contains("<protocol type=\"tls\" version=\"1.3\" enabled=\"1\" />")
        .doesNotContainPattern("type=\"ssl\" version=\"[23]\" enabled=\"1\"")
        .doesNotContainPattern("type=\"tls\" version=\"1.[01]\" enabled=\"1\"")
        .contains("<renegotiation supported=\"0\"")
        .contains("<self-signed>false", "<expired>false")
        .doesNotContain("<compression supported=\"1\"", "vulnerable=\"1\"");
    List<String> suites = output.lines().filter(line -> line.contains("<cipher ")).toList();
    assertThat(suites)
        .isNotEmpty()
        .allMatch(line -> line.contains("GCM") || line.contains("CHACHA20"))
        .allMatch(line -> line.contains("strength=\"strong\"") || line.contains("TLSv1.3"));
  }

  @Test
  void aBrowserLoadsAPageByHttp2() {
    // --ignore-certificate-errors: it reads authorities from a store of its own only.
    try (Program chromium =
        Program.start(
            directory,
            "chromium",
            List.of(
                Tool.CHROMIUM.path(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--ignore-certificate-errors",
                "--user-data-dir=" + directory.resolve("chromium"),
                "--dump-dom",
                secure("/page.html")))) {
      chromium.awaitOutput("came by h2");
    }
  }

  @Test
  void aNewCertificateServesTheNextHandshakeWhileADownloadGoesOn()
      throws IOException, InterruptedException {
    Path file = directory.resolve("slow");
    try (Program download =
        Program.start(
            directory,
            "curl",
            curl("--limit-rate", "1M", "--output", file.toString(), secure("/file")))) {
      await().atMost(Program.PATIENCE).until(() -> Files.exists(file) && Files.size(file) > 0);
      String serial = tls.issue();
      await().atMost(Program.PATIENCE).until(() -> shownSerial().equals(serial));
      assertThat(download.alive()).as("the download goes on").isTrue();
      assertThat(download.awaitExit()).as("%s", download).isZero();
    }
    assertThat(file).hasBinaryContent(content);
  }

  private String shownSerial() throws IOException, GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new TrustEverybody()}, null);
    String address = steelyard.address("secure");
    int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    try (SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
      socket.startHandshake();
      X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
      return shown.getSerialNumber().toString(16);
    }
  }
}
