package io.steelyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How it starts and how it stops. */
class LifeIT {
  private static final int REQUESTS = 20;

  @TempDir private Path directory = Path.of("");
  private final CountDownLatch answering = new CountDownLatch(1);
  private final AtomicInteger underWay = new AtomicInteger();

  /** Answers when it is told to. */
  private RawServer slowEndpoint() throws IOException {
    return RawServer.start((in, out) -> {
      while (!RawServer.readHead(in).isEmpty()) {
        underWay.incrementAndGet();
        answering.await();
        RawServer.write(out, "HTTP/1.1 200 OK\nContent-Length: 4\n\ndone");
      }
    });
  }

  private List<CompletableFuture<HttpResponse<String>>> sendRequests(
      HttpClient client, Steelyard steelyard) {
    HttpRequest request = HttpRequest.newBuilder(URI.create(steelyard.url("/"))).build();
    List<CompletableFuture<HttpResponse<String>>> answers =
        Stream.generate(() -> client.sendAsync(request, BodyHandlers.ofString()))
            .limit(REQUESTS)
            .toList();
    await("all requests are under way").atMost(Program.PATIENCE).until(this::allUnderWay);
    return answers;
  }

  private boolean allUnderWay() {
    return underWay.get() == REQUESTS;
  }

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "INT"})
  void aSignalLetsRequestsFinish(String signal) throws IOException, InterruptedException {
    try (RawServer endpoint = slowEndpoint();
        Steelyard steelyard =
            Steelyard.run(directory, Steelyard.yaml(List.of(endpoint.address())));
        HttpClient client = HttpClient.newHttpClient()) {
      List<CompletableFuture<HttpResponse<String>>> answers = sendRequests(client, steelyard);
      assertThat(steelyard.admin("/readyz").statusCode()).isEqualTo(200);

      steelyard.program().signal(signal);

      await("no new connections").atMost(Program.PATIENCE).until(() -> refused(steelyard));
      assertThat(steelyard.admin("/readyz").statusCode()).isEqualTo(503);
      assertThat(steelyard.admin("/readyz").body()).isEqualTo("shutting down\n");
      assertThat(steelyard.admin("/livez").statusCode()).isEqualTo(200);
      answering.countDown();
      assertThat(answers).allSatisfy(answer -> assertThat(answer.join().body()).isEqualTo("done"));
      assertThat(steelyard.program().awaitExit()).isZero();
      steelyard.assertNoComplaint();
    }
  }

  @Test
  void whatDoesNotFinishInTimeIsCutOff() throws IOException, InterruptedException {
    try (RawServer endpoint = slowEndpoint();
        Steelyard steelyard =
            Steelyard.run(
                directory,
                Steelyard.yaml(List.of(endpoint.address()), "shutdown-timeout: 200ms", ""));
        HttpClient client = HttpClient.newHttpClient()) {
      List<CompletableFuture<HttpResponse<String>>> answers = sendRequests(client, steelyard);
      steelyard.program().terminate();
      assertThat(steelyard.program().awaitExit()).isZero();
      assertThat(steelyard.program().errors()).contains("have been cut off");
      assertThat(answers).allSatisfy(answer -> assertThat(answer).failsWithin(Program.PATIENCE));
    }
  }

  private static boolean refused(Steelyard steelyard) {
    try (Socket socket = steelyard.connect()) {
      return !socket.isConnected();
    } catch (IOException e) {
      return true;
    }
  }

  @Test
  void aListenerThatCannotBindIsNamed() throws IOException, InterruptedException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      String address = "127.0.0.1:" + taken.getLocalPort();
      String yaml = Steelyard.yaml(List.of(anyEndpoint()));
      assertFails(
          yaml.replace("address: 127.0.0.1:0", "address: " + address),
          "steelyard: listener web: cannot listen on "
              + address
              + ": the address is already in use by another process\n");
    }
  }

  @Test
  void anAdminPortThatCannotBindIsNamed() throws IOException, InterruptedException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      String address = "127.0.0.1:" + taken.getLocalPort();
      String yaml = Steelyard.yaml(List.of(anyEndpoint()));
      assertFails(
          yaml.replace("address: \"127.0.0.1:0\"", "address: \"" + address + "\""),
          "steelyard: admin: cannot listen on "
              + address
              + ": the address is already in use by another process\n");
    }
  }

  @Test
  void anAddressOfAnotherMachineIsNamed() throws InterruptedException, IOException {
    String yaml = Steelyard.yaml(List.of(anyEndpoint()));
    assertFails(
        yaml.replace("address: 127.0.0.1:0", "address: 192.0.2.1:80"),
        "steelyard: listener web: cannot listen on 192.0.2.1:80: this machine has no such address\n");
  }

  @Test
  void anAccessLogThatCannotBeOpenedIsNamed() throws InterruptedException, IOException {
    Path file = directory.resolve("none/access.log");
    try (Program program =
        Steelyard.start(
            directory,
            "run",
            Steelyard.write(
                    directory,
                    Steelyard.yaml(
                        List.of(anyEndpoint()), "access-log: { file: \"" + file + "\" }", ""))
                .toString())) {
      assertThat(program.awaitExit()).isOne();
      assertThat(program.errors()).startsWith("steelyard: ").contains(file.toString());
      assertThat(program.errors().lines()).hasSize(1);
    }
  }

  private static InetSocketAddress anyEndpoint() {
    return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 9);
  }

  private void assertFails(String yaml, String message) throws InterruptedException {
    try (Program program =
        Steelyard.start(directory, "run", Steelyard.write(directory, yaml).toString())) {
      assertThat(program.awaitExit()).isOne();
      assertThat(program.errors()).isEqualTo(message);
    }
  }
}
