package io.steelyard.proxy.listen;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.steelyard.model.Address;
import io.steelyard.model.BalancerSpec;
import io.steelyard.model.Configuration;
import io.steelyard.model.EndpointSpec;
import io.steelyard.model.Listener;
import io.steelyard.model.ListenerSocket;
import io.steelyard.model.Pool;
import io.steelyard.model.ProxyProtocolVersion;
import io.steelyard.model.TransportKind;
import io.steelyard.proxy.ListenException;
import io.steelyard.proxy.kit.Setup;
import io.steelyard.proxy.kit.TestProxy;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Unix sockets on both sides of TCP and HTTP. */
class UnixSocketsTest {
  @TempDir private Path directory;

  private Path path(String name) {
    return directory.resolve(name);
  }

  private static Address address(Path path) {
    return Address.parseSockets("unix:" + path);
  }

  private static Pool pool(Path... endpoints) {
    return Pool.of(
        BalancerSpec.of("round-robin"),
        List.of(endpoints).stream().map(path -> EndpointSpec.of(address(path))).toList());
  }

  private static TestProxy start(Listener listener, Pool pool) throws Exception {
    return Setup.start(
        Configuration.of(Map.of("web", listener), Map.of("site", pool))
            .withTransport(TransportKind.EPOLL)
            .withEventLoops(2));
  }

  private static ServerSocketChannel listen(Path path) throws IOException {
    return ServerSocketChannel.open(StandardProtocolFamily.UNIX)
        .bind(UnixDomainSocketAddress.of(path), 100);
  }

  private static SocketChannel connect(Path path) throws IOException {
    return SocketChannel.open(UnixDomainSocketAddress.of(path));
  }

  private static void send(SocketChannel channel, String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(ISO_8859_1));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private static String receive(SocketChannel channel, int length) throws IOException {
    return new String(Channels.newInputStream(channel).readNBytes(length), ISO_8859_1);
  }

  @Test
  void connectionsPassAndEachSideEndsForItself() throws Exception {
    try (ServerSocketChannel endpoint = listen(path("db"));
        TestProxy proxy = start(Listener.tcp(address(path("in")), "site"), pool(path("db")))) {
      for (int i = 0; i < 4; i++) { // so that each event loop gets some
        try (SocketChannel client = connect(path("in"));
            SocketChannel server = endpoint.accept()) {
          send(client, "ping" + i);
          assertThat(receive(server, 5)).isEqualTo("ping" + i);
          client.shutdownOutput();
          assertThat(receive(server, 1)).isEmpty();
          send(server, "pong");
          assertThat(receive(client, 4)).isEqualTo("pong");
          server.shutdownOutput();
          assertThat(receive(client, 1)).isEmpty();
        }
      }
      proxy.awaitNoClients();
      assertThat(proxy.listener().connections.value()).isEqualTo(4);
      var record = proxy.log(4).get(3);
      assertThat(record.get("client").asString()).isEqualTo("unix:");
      assertThat(record.get("endpoint").asString()).isEqualTo("unix:" + path("db"));
      assertThat(proxy.proxy().listening()).isEqualTo(Map.of("web", "unix:" + path("in")));
      assertThat(proxy.proxy().addresses()).isEmpty();
    }
    assertThat(path("in")).doesNotExist();
  }

  @Test
  void muchPasses() throws Exception {
    byte[] much = new byte[3_000_000];
    try (ServerSocketChannel endpoint = listen(path("db"));
        TestProxy proxy = start(Listener.tcp(address(path("in")), "site"), pool(path("db")));
        SocketChannel client = connect(path("in"));
        SocketChannel server = endpoint.accept()) {
      Thread writer =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  Channels.newOutputStream(client).write(much);
                  client.shutdownOutput();
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
      assertThat(Channels.newInputStream(server).readAllBytes())
          .satisfies(bytes -> assertThat(bytes.length).isEqualTo(much.length));
      writer.join();
    }
  }

  @Test
  void requestsPass() throws Exception {
    try (ServerSocketChannel endpoint = listen(path("app"));
        TestProxy proxy = start(Listener.http(address(path("in")), "site"), pool(path("app")));
        SocketChannel client = connect(path("in"))) {
      send(client, "GET /x HTTP/1.1\r\nHost: a\r\n\r\n");
      try (SocketChannel server = endpoint.accept()) {
        ByteBuffer head = ByteBuffer.allocate(1000);
        server.read(head);
        assertThat(new String(head.array(), 0, head.position(), ISO_8859_1))
            .startsWith("GET /x HTTP/1.1\r\nHost: a\r\n")
            .contains("X-Forwarded-For: unknown\r\n");
        String answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";
        send(server, answer);
        ByteBuffer seen = ByteBuffer.allocate(1000);
        while (!new String(seen.array(), 0, seen.position(), ISO_8859_1).endsWith("hi")) {
          client.read(seen);
        }
      }
      assertThat(proxy.log(1).get(0).get("client").asString()).isEqualTo("unix:");
    }
  }

  @Test
  void aProxyHeaderSaysThatTheClientIsUnknown() throws Exception {
    try (ServerSocketChannel endpoint = listen(path("db"));
        TestProxy proxy =
            start(
                Listener.tcp(address(path("in")), "site"),
                pool(path("db")).withProxyProtocol(ProxyProtocolVersion.V1));
        SocketChannel client = connect(path("in"))) {
      send(client, "x");
      try (SocketChannel server = endpoint.accept()) {
        assertThat(receive(server, 16)).isEqualTo("PROXY UNKNOWN\r\nx");
      }
      assertThat(proxy.complaints()).isEmpty();
    }
  }

  @Test
  void anEndpointThatIsNotThereIsFollowedByAnother() throws Exception {
    try (ServerSocketChannel endpoint = listen(path("b"));
        TestProxy proxy =
            start(Listener.tcp(address(path("in")), "site"), pool(path("a"), path("b")));
        SocketChannel client = connect(path("in"));
        SocketChannel server = endpoint.accept()) {
      send(client, "x");
      assertThat(receive(server, 1)).isEqualTo("x");
      assertThat(proxy.pool().retries.value()).isEqualTo(1);
    }
  }

  @Test
  void theFileHasItsModeAndReplacesOneThatWasLeft() throws Exception {
    listen(path("in")).close(); // which leaves the file
    assertThat(path("in")).exists();
    try (TestProxy proxy =
        start(
            Listener.tcp(address(path("in")), "site")
                .withSocket(new ListenerSocket(10, true, false, "606")),
            pool(path("db")))) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path("in"))))
          .isEqualTo("rw----rw-");
      assertThat(proxy.complaints()).isEmpty();
      try (SocketChannel client = connect(path("in"))) {
        assertThat(client.isConnected()).isTrue();
      }
    }
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void whatIsInTheWayStays() throws Exception {
    Listener listener = Listener.tcp(address(path("in")), "site");
    try (ServerSocketChannel other = listen(path("in"))) {
      assertThatThrownBy(() -> start(listener, pool(path("db"))))
          .isInstanceOf(ListenException.class)
          .hasMessage(
              "listener web: cannot listen on unix:%s: the socket is already in use by another process",
              path("in"));
      assertThat(other.isOpen()).isTrue();
      assertThat(path("in")).exists();
    }
    Files.delete(path("in"));
    Files.writeString(path("in"), "precious");
    assertThatThrownBy(() -> start(listener, pool(path("db"))))
        .hasMessageContaining("there is a file, directory or link that is no socket");
    assertThat(path("in")).hasContent("precious");
  }

  @Test
  void aFileThatAnotherProcessHasReplacedIsNotTakenAway() throws Exception {
    TestProxy proxy = start(Listener.tcp(address(path("in")), "site"), pool(path("db")));
    Files.delete(path("in"));
    try (ServerSocketChannel next = listen(path("in"))) {
      proxy.close();
      assertThat(next.isOpen()).isTrue();
      assertThat(path("in")).exists();
    }
  }
}
