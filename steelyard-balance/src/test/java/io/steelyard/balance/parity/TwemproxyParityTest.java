package io.steelyard.balance.parity;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Ten thousand keys to the servers that twemproxy itself chooses for them. */
class TwemproxyParityTest {
  private static final List<Integer> MIXED = List.of(1, 2, 3, 1, 5, 1, 1);
  private static final List<Integer> EVEN = List.of(1, 1, 1, 1, 1, 1, 1);
  private static final int BATCH = 500;

  record Case(String distribution, String hash, String tag, List<Integer> weights) {
    /** Our name of the function: {@code fnv1a-64} for {@code fnv1a_64}. */
    Map<String, Object> options() {
      Map<String, Object> options = new HashMap<>();
      options.put("hash", hash.replace('_', '-').toLowerCase(Locale.ROOT));
      if (!tag.isEmpty()) {
        options.put("hash-tag", tag);
      }
      return options;
    }

    @Override
    public String toString() {
      return distribution + " " + hash + " " + tag;
    }
  }

  private static final List<Case> CASES =
      Stream.concat(
              Stream.of(
                      "fnv1_64",
                      "fnv1a_64",
                      "fnv1_32",
                      "fnv1a_32",
                      "md5",
                      "crc16",
                      "crc32",
                      "crc32a",
                      "hsieh",
                      "murmur",
                      "jenkins",
                      "one_at_a_time")
                  .flatMap(hash ->
                      Stream.of(
                          new Case("ketama", hash, "", MIXED),
                          new Case("modula", hash, "", MIXED))),
              Stream.of(
                  new Case("ketama", "fnv1a_64", "", EVEN),
                  new Case("ketama", "fnv1a_64", "{}", MIXED),
                  new Case("modula", "fnv1a_64", "$$", EVEN)))
          .toList();

  @TempDir private static Path directory;

  private static final List<ServerSocket> SERVERS = new ArrayList<>();
  private static List<Integer> listeners = List.of();
  private static Tool twemproxy;

  @BeforeAll
  static void start() throws IOException {
    String program = Tool.path("nutcracker");
    for (int i = 0; i < MIXED.size(); i++) {
      ServerSocket server = new ServerSocket(0, 500, Tool.LOOPBACK);
      SERVERS.add(server);
      Thread.startVirtualThread(() -> accept(server));
    }
    List<Integer> ports = Tool.freePorts(CASES.size() + 1);
    listeners = ports.subList(1, ports.size());
    Path file = directory.resolve("nutcracker.yml");
    Files.writeString(file, configuration());
    twemproxy =
        Tool.serve(
            directory,
            listeners.getLast(),
            List.of(program, "-c", file.toString(), "-s", ports.getFirst().toString()));
  }

  @AfterAll
  static void stop() throws IOException {
    if (twemproxy != null) {
      twemproxy.close();
    }
    for (ServerSocket server : SERVERS) {
      server.close();
    }
  }

  private static String configuration() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < CASES.size(); i++) {
      Case one = CASES.get(i);
      text.append("p%d:%n  listen: 127.0.0.1:%d%n".formatted(i, listeners.get(i)));
      text.append("  hash: %s%n  distribution: %s%n".formatted(one.hash, one.distribution));
      if (!one.tag.isEmpty()) {
        text.append("  hash_tag: \"%s\"%n".formatted(one.tag));
      }
      text.append("  servers:\n");
      for (int k = 0; k < one.weights.size(); k++) {
        text.append(
            "    - 127.0.0.1:%d:%d%n".formatted(SERVERS.get(k).getLocalPort(), one.weights.get(k)));
      }
    }
    return text.toString();
  }

  /** Until the server is closed. */
  private static void accept(ServerSocket server) {
    try {
      while (true) {
        Socket socket = server.accept();
        Thread.startVirtualThread(() -> serve(socket));
      }
    } catch (IOException e) {
      assertThat(server.isClosed()).isTrue();
    }
  }

  /** Answers every {@code get} of memcached's protocol with the port it came to. */
  private static void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(socket.getInputStream());
      OutputStream out = socket.getOutputStream();
      String value = Integer.toString(socket.getLocalPort());
      while (true) {
        String key = HttpAsker.line(in).substring(4).trim();
        out.write(
            "VALUE %s 0 %d\r\n%s\r\nEND\r\n"
                .formatted(key, value.length(), value)
                .getBytes(ISO_8859_1));
      }
    } catch (IOException e) {
      assertThat(e).isNotNull(); // the other side has closed
    }
  }

  @ParameterizedTest
  @FieldSource("CASES")
  void placesKeysAsTwemproxyDoes(Case compared) throws Exception {
    List<String> keys = keys();
    List<String> theirs = ask(listeners.get(CASES.indexOf(compared)), keys);
    boolean isKetama = compared.distribution.equals("ketama");
    Map<String, Object> options = compared.options();
    List<Integer> ports = SERVERS.stream().map(ServerSocket::getLocalPort).toList();
    assertSame(compared, keys, theirs, isKetama ? "ketama" : "key-hash", options, ports);
    if (isKetama) {
      options.put("consistent", true);
      assertSame(compared, keys, theirs, "key-hash", options, ports);
    }
  }

  private static void assertSame(
      Case compared,
      List<String> keys,
      List<String> theirs,
      String balancer,
      Map<String, Object> given,
      List<Integer> ports) {
    Map<String, Object> options = new HashMap<>(given);
    if (balancer.equals("key-hash")) {
      options.put("like", "twemproxy");
    }
    List<Integer> ours =
        Ours.ports(balancer, options, Ours.endpoints(ports, compared.weights), Keys.bytes(keys));
    assertThat(ours.stream().distinct().count()).isEqualTo(theirs.stream().distinct().count());
    assertThat(
            IntStream.range(0, keys.size())
                .filter(i -> !theirs.get(i).equals(ours.get(i).toString()))
                .mapToObj(i -> keys.get(i) + ": " + theirs.get(i) + ", ours " + ours.get(i)))
        .isEmpty();
  }

  /** Some with tags, some with bytes from 128 on. */
  private static List<String> keys() {
    List<String> words = Keys.words();
    return IntStream.range(0, words.size())
        .mapToObj(i ->
            switch (i % 4) {
              case 0 -> "user:{" + words.get(i) + "}:" + i;
              case 1 -> "k$" + words.get(i) + "$" + i % 7;
              case 2 -> words.get(i) + "\u00e9\u00ff\u0080" + words.get(i / 2);
              default -> words.get(i);
            })
        .toList();
  }

  private static List<String> ask(int port, List<String> keys) throws IOException {
    List<String> values = new ArrayList<>();
    try (Socket socket = new Socket(Tool.LOOPBACK, port)) {
      socket.setTcpNoDelay(true);
      OutputStream out = socket.getOutputStream();
      InputStream in = new BufferedInputStream(socket.getInputStream());
      for (int i = 0; i < keys.size(); i += BATCH) {
        StringBuilder batch = new StringBuilder();
        keys.subList(i, Math.min(keys.size(), i + BATCH))
            .forEach(key -> batch.append("get ").append(key).append("\r\n"));
        out.write(batch.toString().getBytes(ISO_8859_1));
        while (values.size() < Math.min(keys.size(), i + BATCH)) {
          assertThat(HttpAsker.line(in)).startsWith("VALUE ");
          values.add(HttpAsker.line(in));
          assertThat(HttpAsker.line(in)).isEqualTo("END");
        }
      }
    }
    return values;
  }
}
