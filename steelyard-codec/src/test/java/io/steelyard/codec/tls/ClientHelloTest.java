package io.steelyard.codec.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.steelyard.codec.tls.ClientHello.Status;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientHelloTest {
  private static Status parse(ClientHello hello, byte[] bytes, int length) {
    return hello.parse(Unpooled.wrappedBuffer(bytes), 0, length);
  }

  private static Status parse(byte[] bytes) {
    return parse(new ClientHello(), bytes, bytes.length);
  }

  @Test
  void namesAndProtocolsOfARealClient() throws Exception {
    byte[] bytes = Hellos.of("DB.Example.com", List.of("h2", "http/1.1"));
    ClientHello hello = new ClientHello();
    assertThat(parse(hello, bytes, bytes.length)).isEqualTo(Status.COMPLETE);
    assertThat(hello.serverName()).isEqualTo("db.example.com");
    assertThat(hello.protocols()).containsExactly("h2", "http/1.1");
  }

  @Test
  void aClientThatNamesNothing() throws Exception {
    byte[] bytes = Hellos.of("", List.of());
    ClientHello hello = new ClientHello();
    assertThat(parse(hello, bytes, bytes.length)).isEqualTo(Status.COMPLETE);
    assertThat(hello.serverName()).isNull();
    assertThat(hello.protocols()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 100, 16_000})
  void anyNumberOfRecordsAndReads(int recordSize) throws Exception {
    byte[] bytes = Hellos.inRecordsOf(recordSize, Hellos.of("a.example", List.of("h2")));
    ClientHello hello = new ClientHello();
    for (int length = 0; length < bytes.length; length++) {
      assertThat(parse(hello, bytes, length))
          .as("after %s bytes", length)
          .isEqualTo(Status.INCOMPLETE);
    }
    assertThat(parse(hello, bytes, bytes.length)).isEqualTo(Status.COMPLETE);
    assertThat(hello.serverName()).isEqualTo("a.example");
    assertThat(hello.protocols()).containsExactly("h2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\n",
        "SSH-2.0-x",
        "\u0016\u0002\u0000",
        "\u0017\u0003\u0003",
        "\u0016\u0003\u0001\u0000\u0000",
        "\u0016\u0003\u0001\u0000\u0005\u0002"
      })
  void otherProtocols(String first) {
    assertThat(parse(first.getBytes(StandardCharsets.ISO_8859_1))).isEqualTo(Status.NOT_TLS);
  }

  @Test
  void whatBreaksTheRulesIsRefused() {
    byte[] name = Hellos.extension(0, 0, 4, 0, 0, 1, 'a');
    assertThat(parse(Hellos.withExtensions(name))).isEqualTo(Status.COMPLETE);
    assertThat(parse(Hellos.withExtensions(name, name))).as("twice").isEqualTo(Status.MALFORMED);
    for (int[] wrong :
        new int[][] {
          {0, 5, 0, 0, 1, 'a'}, // a list longer than its extension
          {0, 4, 0, 0, 2, 'a'}, // a name longer than its list
          {0, 3, 0, 0, 0}, // an empty name
          {0, 4, 0, 0, 1, 0}, // a name with a NUL
          {0, 4, 0, 0, 1, 0xe4}, // a name that is not ASCII
          {0, 8, 0, 0, 1, 'a', 0, 0, 1, 'b'}, // two names
          {0},
        }) {
      assertThat(parse(Hellos.withExtensions(Hellos.extension(0, wrong))))
          .as(Arrays.toString(wrong))
          .isEqualTo(Status.MALFORMED);
    }
    for (int[] wrong : new int[][] {{0, 0}, {0, 1, 0}, {0, 3, 3, 'h', '2'}, {0, 2, 1, 'h', '2'}}) {
      assertThat(parse(Hellos.withExtensions(Hellos.extension(16, wrong))))
          .as(Arrays.toString(wrong))
          .isEqualTo(Status.MALFORMED);
    }
  }

  @Test
  void aMessageWithoutEndIsNotWaitedForForEver() throws Exception {
    byte[] bytes = Hellos.of("a.example", List.of());
    bytes[6] = 0x7f; // the message claims to be 8 MB long
    assertThat(parse(bytes)).isEqualTo(Status.MALFORMED);
  }

  @Test
  void aTrailingDotIsNoPartOfTheName() {
    byte[] bytes = Hellos.withExtensions(Hellos.extension(0, 0, 5, 0, 0, 2, 'A', '.'));
    ClientHello hello = new ClientHello();
    parse(hello, bytes, bytes.length);
    assertThat(hello.serverName()).isEqualTo("a");
  }
}
