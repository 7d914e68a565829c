package io.steelyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The JDK's WebSocket client on one side, an echo on the other. */
class WebSocketIT {
  private static final int CLOSE_NORMAL = 1000;

  @TempDir private Path directory = Path.of("");

  /** Collects what is echoed. */
  private static final class Echoes implements WebSocket.Listener {
    final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
    final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final StringBuilder message = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
      message.append(data);
      if (last) {
        messages.add(message.toString());
        message.setLength(0);
      }
      webSocket.request(1);
      return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
      closed.complete(statusCode);
      return CompletableFuture.completedStage(null);
    }

    String next() throws InterruptedException {
      return String.valueOf(messages.poll(Program.PATIENCE.toSeconds(), TimeUnit.SECONDS));
    }
  }

  private static WebSocket connect(HttpClient client, Steelyard steelyard, Echoes echoes) {
    return client
        .newWebSocketBuilder()
        .buildAsync(URI.create("ws://" + steelyard.address() + "/socket"), echoes)
        .join();
  }

  @Test
  void echoes() throws Exception {
    try (RawServer endpoint = RawServer.start(new WebSocketEcho());
        Steelyard steelyard =
            Steelyard.run(directory, Steelyard.yaml(List.of(endpoint.address())))) {
      echoThrough(steelyard);
      steelyard.stop();
    }
  }

  /** HTTP/1.1 to the first, HTTP/2 between the two (RFC 8441), HTTP/1.1 to the endpoint. */
  @Test
  void echoesThroughTwoWithHttp2BetweenThem() throws Exception {
    Path front = Files.createDirectory(directory.resolve("front"));
    try (RawServer endpoint = RawServer.start(new WebSocketEcho());
        Steelyard second = Steelyard.run(directory, Steelyard.yaml(List.of(endpoint.address())));
        Steelyard first =
            Steelyard.run(front, Steelyard.yaml(List.of(listenerOf(second)), "", "    http: 2"))) {
      echoThrough(first);
      first.stop();
      second.stop();
    }
  }

  private static InetSocketAddress listenerOf(Steelyard steelyard) {
    String[] address = steelyard.address().split(":", 2);
    return new InetSocketAddress(address[0], Integer.parseInt(address[1]));
  }

  private static void echoThrough(Steelyard steelyard) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      Echoes echoes = new Echoes();
      WebSocket socket = connect(client, steelyard, echoes);
      for (String message : List.of("hello", "", "x".repeat(60_000), "\u20ac".repeat(100))) {
        socket.sendText(message, true).join();
        assertThat(echoes.next()).isEqualTo(message);
      }
      socket.sendClose(CLOSE_NORMAL, "bye").join();
      assertThat(echoes.closed.get(Program.PATIENCE.toSeconds(), TimeUnit.SECONDS))
          .isEqualTo(CLOSE_NORMAL);
    }
  }

  @Test
  void aRefusedUpgradeIsPassedOn() throws IOException, InterruptedException {
    RawServer.Service refuses =
        (in, out) -> {
          RawServer.readHead(in);
          RawServer.write(out, "HTTP/1.1 403 Forbidden\nContent-Length: 0\n\n");
        };
    try (RawServer endpoint = RawServer.start(refuses);
        Steelyard steelyard =
            Steelyard.run(directory, Steelyard.yaml(List.of(endpoint.address())));
        HttpClient client = HttpClient.newHttpClient()) {
      assertThatThrownBy(() -> connect(client, steelyard, new Echoes()))
          .hasRootCauseMessage("Unexpected HTTP response status code 403");
      steelyard.stop();
    }
  }
}
