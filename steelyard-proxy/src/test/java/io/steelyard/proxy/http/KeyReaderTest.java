package io.steelyard.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.balance.Balancer;
import io.steelyard.balance.Endpoint;
import io.steelyard.balance.KeySource;
import io.steelyard.balance.Selection;
import io.steelyard.balance.balancer.BalancerFactory;
import io.steelyard.balance.balancer.BalancerOptions;
import io.steelyard.model.TransportKind;
import io.steelyard.proxy.kit.RawEndpoint;
import io.steelyard.proxy.kit.Setup;
import io.steelyard.proxy.kit.TestProxy;
import io.steelyard.proxy.kit.Wire;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a balancer sees of a request. */
class KeyReaderTest {
  private static final String NONE = "none";

  private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

  @ParameterizedTest
  @CsvSource({
    "URI, '', /a/b?c=d, /a/b?c=d",
    "URI, '', http://h/a?b, http://h/a?b",
    "PARAMETER, id, /x?id=7, 7",
    "PARAMETER, id, /x?uid=1&id=7&id=8, 7",
    "PARAMETER, id, /x?id=, ''",
    "PARAMETER, id, /x?id, none",
    "PARAMETER, id, /x/id=7, none",
    "PARAMETER, id, /x?, none"
  })
  void ofTheTarget(KeySource.Kind kind, String name, String target, String key) throws Exception {
    assertThat(keyOf(new KeySource(kind, name), "GET " + target + " HTTP/1.1\r\nHost: h\r\n\r\n"))
        .isEqualTo(key);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "HEADER | x-user | X-User: ann   | ann",
        "HEADER | X-User | x-user: ann~X-User: bob | ann",
        "HEADER | x-user | x-users: ann  | none",
        "HEADER | host   | a: b          | h",
        "COOKIE | s      | Cookie: s=1   | 1",
        "COOKIE | s      | Cookie: ss=2; s=1; s=3 | 1",
        "COOKIE | s      | Cookie: a=b~Cookie: s=1 | 1",
        "COOKIE | s      | Cookie: a=b;s=x=y | x=y",
        "COOKIE | s      | Cookie: S=1   | none",
        "COOKIE | s      | Cookie: s     | none",
        "COOKIE | s      | Set-Cookie: s=1 | none"
      })
  void ofTheFields(KeySource.Kind kind, String name, String fields, String key) throws Exception {
    assertThat(
            keyOf(
                new KeySource(kind, name),
                "GET / HTTP/1.1\r\nHost: h\r\n" + fields.replace("~", "\r\n") + "\r\n\r\n"))
        .isEqualTo(key);
  }

  @ParameterizedTest
  @CsvSource({"SOURCE_ADDRESS", "DESTINATION_ADDRESS"})
  void ofTheConnection(KeySource.Kind kind) throws Exception {
    assertThat(keyOf(KeySource.of(kind), "GET / HTTP/1.1\r\nHost: h\r\n\r\n"))
        .isEqualTo("\u007f\0\0\1");
  }

  @Test
  void keyOfALaterRequestIsItsOwn() throws Exception {
    String longer = "y".repeat(5_000);
    assertThat(
            keysOf(
                new KeySource(KeySource.Kind.HEADER, "k"),
                "GET / HTTP/1.1\r\nHost: h\r\nk: x\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: h\r\nk: " + longer + "\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: h\r\n\r\n"))
        .containsExactly("x", longer, NONE);
  }

  private String keyOf(KeySource source, String request) throws Exception {
    return keysOf(source, request).getFirst();
  }

  private List<String> keysOf(KeySource source, String... requests) throws Exception {
    try (RawEndpoint endpoint =
            RawEndpoint.serving(
                RawEndpoint.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
        TestProxy proxy =
            Setup.on(TransportKind.NIO).balancer(new Recording(source)).start(endpoint);
        Wire client = proxy.connect()) {
      List<String> keys = new java.util.ArrayList<>();
      for (String request : requests) {
        client.send(request);
        assertThat(client.readMessage()).startsWith("HTTP/1.1 200 ");
        keys.add(String.valueOf(seen.poll(10, TimeUnit.SECONDS)));
      }
      return keys;
    }
  }

  /** Chooses the only endpoint and says by what. */
  private final class Recording implements BalancerFactory {
    private final KeySource source;

    Recording(KeySource source) {
      this.source = source;
    }

    @Override
    public String name() {
      return "recording";
    }

    @Override
    public Balancer create(List<Endpoint> ready, BalancerOptions options) {
      return new Balancer() {
        @Override
        public KeySource keySource() {
          return source;
        }

        @Override
        public @Nullable Endpoint select(Selection selection) {
          seen.add(
              selection.keyLength() < 0
                  ? NONE
                  : new String(
                      selection.key(), 0, selection.keyLength(), StandardCharsets.ISO_8859_1));
          return ready.getFirst();
        }
      };
    }
  }
}
