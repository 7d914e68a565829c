package io.steelyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The built distribution, as a process. */
final class Steelyard implements AutoCloseable {
  static final Path HOME = Path.of(System.getProperty("steelyard.home", "target/steelyard"));

  /** Every buffer is watched; a leak is an ERROR in the log, see {@link #assertNoComplaint}. */
  private static final Map<String, String> ENVIRONMENT =
      Map.of("STEELYARD_JAVA_OPTS", "-Dio.netty.leakDetection.level=paranoid");

  private final Program program;
  private final HttpClient client = HttpClient.newHttpClient();

  private Steelyard(Program program) {
    this.program = program;
  }

  /** {@code steelyard ARGUMENTS}. */
  static Program start(Path directory, String... arguments) {
    return start(directory, ENVIRONMENT, arguments);
  }

  private static Program start(
      Path directory, Map<String, String> environment, String... arguments) {
    return start(directory, List.of(), environment, arguments);
  }

  private static Program start(
      Path directory, List<String> within, Map<String, String> environment, String... arguments) {
    List<String> all = Stream.concat(within.stream(), command(arguments).stream()).toList();
    return Program.start(directory, "steelyard", all, environment);
  }

  /** The command line of {@code steelyard ARGUMENTS}. */
  static List<String> command(String... arguments) {
    String launcher = HOME.resolve("bin/steelyard").toAbsolutePath().toString();
    return Stream.concat(Stream.of(launcher), Stream.of(arguments)).toList();
  }

  /** {@code steelyard run} with this configuration; waits until it is ready. */
  static Steelyard run(Path directory, String yaml) {
    return run(directory, ENVIRONMENT, yaml);
  }

  /**
   * The same by way of another program.
   *
   * @param within its command line, to which that of Steelyard is added
   */
  static Steelyard run(Path directory, List<String> within, String yaml) {
    String file = write(directory, yaml).toString();
    return ready(start(directory, within, ENVIRONMENT, "run", file));
  }

  /** The same as users run it, without a watch on buffers. */
  static Steelyard runUnwatched(Path directory, String yaml) {
    return run(directory, Map.of(), yaml);
  }

  private static Steelyard run(Path directory, Map<String, String> environment, String yaml) {
    return ready(start(directory, environment, "run", write(directory, yaml).toString()));
  }

  private static Steelyard ready(Program program) {
    try {
      program.awaitOutput("Steelyard .* is ready");
      return new Steelyard(program);
    } catch (Throwable e) {
      program.close();
      throw e;
    }
  }

  /** A file with that content. */
  static Path write(Path directory, String yaml) {
    try {
      return Files.writeString(Files.createTempFile(directory, "steelyard-", ".yaml"), yaml);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One listener {@code web} on any port, one pool of these endpoints; admin on any port. */
  static String yaml(List<InetSocketAddress> endpoints) {
    return yaml(endpoints, "", "");
  }

  /**
   * The same with more.
   *
   * @param top further lines at the top level
   * @param pool further lines within the pool, indented by four spaces
   */
  static String yaml(List<InetSocketAddress> endpoints, String top, String pool) {
    List<String> addresses =
        endpoints.stream().map(e -> e.getHostString() + ":" + e.getPort()).toList();
    return """
    admin: { address: "127.0.0.1:0" }
    %s
    listeners:
      web:
        address: 127.0.0.1:0
        pool: site
    pools:
      site:
        endpoints: [%s]
    %s
    """
        .formatted(top, String.join(", ", addresses), pool);
  }

  Program program() {
    return program;
  }

  /** Where the listener listens: {@code 127.0.0.1:PORT}. */
  String address(String listener) {
    return logged("Listener " + Pattern.quote(listener) + " listens on (\\S+)");
  }

  String address() {
    return address("web");
  }

  /** A connection to the listener {@code web}. */
  Socket connect() throws IOException {
    int port = Integer.parseInt(address().substring(address().lastIndexOf(':') + 1));
    return new Socket(InetAddress.ofLiteral("127.0.0.1"), port);
  }

  private String logged(String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(program.errors());
    assertThat(matcher.find()).as("%s in the log of %s", pattern, program).isTrue();
    return matcher.group(1);
  }

  String url(String path) {
    return "http://" + address() + path;
  }

  /** The answer of the listener {@code web}. */
  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create(url(path))).build(), BodyHandlers.ofString());
  }

  /** Where the admin port listens. */
  String adminAddress() {
    return logged("Admin listens on (\\S+)");
  }

  /** The answer of the admin port. */
  HttpResponse<String> admin(String path) throws IOException, InterruptedException {
    URI uri = URI.create("http://" + adminAddress() + path);
    return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }

  JsonNode status() throws IOException, InterruptedException {
    return new JsonMapper().readTree(admin("/v1/status").body());
  }

  /** SIGTERM; it must end with status 0 and without a complaint in its log. */
  void stop() throws InterruptedException {
    program.terminate();
    assertThat(program.awaitExit()).as("exit status of %s", program).isZero();
    assertNoComplaint();
  }

  /** No leak, no exception, no error. */
  void assertNoComplaint() {
    assertThat(program.errors()).doesNotContain("LEAK", "Exception", "ERROR", "\tat ");
  }

  /** A figure of /proc/PID/status in bytes, such as {@code VmRSS} or {@code VmHWM}. */
  long memory(String key) throws IOException {
    String status = Files.readString(Path.of("/proc/" + program.pid() + "/status"));
    Matcher matcher = Pattern.compile(key + ":\\s*(\\d+) kB").matcher(status);
    assertThat(matcher.find()).isTrue();
    return Long.parseLong(matcher.group(1)) * 1024;
  }

  @Override
  public void close() {
    client.close();
    program.close();
  }
}
