package io.steelyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** curl on one side, nginx on the other. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CurlIT {
  private static final int FILE_BYTES = 3_000_000;

  private Path directory = Path.of("");
  @AutoClose private Nginx nginx;
  @AutoClose private Steelyard steelyard;
  private final byte[] content = new byte[FILE_BYTES];

  @BeforeAll
  void start(@TempDir Path temporary) throws IOException {
    directory = temporary;
    nginx = Nginx.start(directory, "nginx");
    new Random(7).nextBytes(content);
    Files.write(nginx.root().resolve("file"), content);
    steelyard = Steelyard.run(directory, Steelyard.yaml(List.of(nginx.address())));
  }

  @AfterAll
  void stop() throws InterruptedException {
    steelyard.stop();
  }

  /** What curl writes to stdout, as it is; it must succeed. */
  private String curl(String... arguments) throws InterruptedException {
    List<String> command = new ArrayList<>();
    command.addAll(List.of(Tool.CURL.path(), "--silent", "--show-error", "--max-time", "60"));
    command.addAll(List.of(arguments));
    return Program.run(directory, "curl", command);
  }

  private byte[] download(String... arguments) throws IOException, InterruptedException {
    Path file = Files.createTempFile(directory, "download-", "");
    List<String> all = new ArrayList<>(List.of("--output", file.toString()));
    all.addAll(List.of(arguments));
    curl(all.toArray(String[]::new));
    return Files.readAllBytes(file);
  }

  private Path contentFile() {
    return nginx.root().resolve("file");
  }

  @Test
  void getsWhatTheEndpointHas() throws IOException, InterruptedException {
    assertThat(download(steelyard.url("/file"))).isEqualTo(content);
  }

  @Test
  void tellsTheEndpointWhoAsks() throws InterruptedException {
    assertThat(curl(steelyard.url("/told?a=b%20c")))
        .isEqualTo("GET /told?a=b%20c HTTP/1.1 127.0.0.1 \n");
  }

  @Test
  void passesErrorsOfTheEndpointOn() throws InterruptedException {
    assertThat(curl("--output", "/dev/null", "--write-out", "%{http_code}", steelyard.url("/none")))
        .isEqualTo("404");
  }

  @Test
  void keepsTheConnection() throws InterruptedException {
    assertThat(
            curl(
                "--write-out",
                "%{num_connects} ",
                steelyard.url("/name"),
                steelyard.url("/none"),
                steelyard.url("/name"),
                "--output",
                "/dev/null",
                "--output",
                "/dev/null",
                "--output",
                "/dev/null"))
        .isEqualTo("1 0 0 ");
  }

  @Test
  void answersHeadWithoutBody() throws InterruptedException {
    assertThat(curl("--head", steelyard.url("/file")))
        .startsWith("HTTP/1.1 200 OK\r\n")
        .contains("Content-Length: " + FILE_BYTES + "\r\n")
        .endsWith("\r\n\r\n");
  }

  @Test
  void sendsRanges() throws IOException, InterruptedException {
    byte[] part = download("--range", "100000-299999", steelyard.url("/file"));
    assertThat(part).isEqualTo(Arrays.copyOfRange(content, 100_000, 300_000));
    assertThat(curl("--range", "0-9,20-29", "--head", steelyard.url("/file")))
        .contains("206", "multipart/byteranges");
  }

  @Test
  void sendsChunkedAnswersWithTrailers() throws IOException, InterruptedException {
    assertThat(curl("--head", "--request", "GET", steelyard.url("/chunked/file")))
        .contains("Transfer-Encoding: chunked");
    assertThat(download(steelyard.url("/chunked/file"))).isEqualTo(content);
    assertThat(curl("--raw", "--range", "0-4", steelyard.url("/chunked/file")))
        .endsWith("\r\n0\r\nX-Trailer: end\r\n\r\n");
  }

  @Test
  void takesForms() throws InterruptedException {
    assertThat(curl("--data", "a=b", steelyard.url("/told"))).startsWith("POST /told HTTP/1.1 ");
  }

  @Test
  void takesFilesOfKnownLength() throws IOException, InterruptedException {
    curl("--fail", "--upload-file", contentFile().toString(), steelyard.url("/put/known"));
    assertThat(nginx.root().resolve("known")).hasSameBinaryContentAs(contentFile());
  }

  @Test
  void takesChunkedFiles() throws IOException, InterruptedException {
    curl(
        "--fail",
        "--header",
        "Transfer-Encoding: chunked",
        "--upload-file",
        contentFile().toString(),
        steelyard.url("/put/chunked"));
    assertThat(nginx.root().resolve("chunked")).hasSameBinaryContentAs(contentFile());
  }

  @Test
  void takesFilesAfter100Continue() throws IOException, InterruptedException {
    Path trace = directory.resolve("trace");
    curl(
        "--fail",
        "--expect100-timeout",
        "60",
        "--header",
        "Expect: 100-continue",
        "--stderr",
        trace.toString(),
        "--verbose",
        "--upload-file",
        contentFile().toString(),
        steelyard.url("/put/continued"));
    assertThat(Files.readString(trace)).contains("< HTTP/1.1 100 Continue");
    assertThat(nginx.root().resolve("continued")).hasSameBinaryContentAs(contentFile());
  }

  @Test
  void servesHttp10() throws IOException, InterruptedException {
    assertThat(download("--http1.0", steelyard.url("/file"))).isEqualTo(content);
    assertThat(download("--http1.0", steelyard.url("/chunked/file"))).isEqualTo(content);
    assertThat(curl("--http1.0", steelyard.url("/told"))).startsWith("GET /told HTTP/1.1 ");
  }
}
