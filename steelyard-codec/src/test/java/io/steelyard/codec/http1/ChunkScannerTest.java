package io.steelyard.codec.http1;

import static io.steelyard.codec.http1.Heads.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ChunkScannerTest {

  private static final int LIMIT = 64;

  /** Valid bodies and their data. */
  static Stream<Arguments> valid() {
    return Stream.of(
        Arguments.of("0\r\n\r\n", ""),
        Arguments.of("0000\r\n\r\n", ""),
        Arguments.of("5\r\nhello\r\n0\r\n\r\n", "hello"),
        Arguments.of("5\r\nhello\r\n00A\r\n, world\r\n.\r\n0\r\n\r\n", "hello, world\r\n."),
        Arguments.of("c\r\nhello, world\r\n0\r\n\r\n", "hello, world"),
        Arguments.of("0000000000000001\r\nx\r\n0\r\n\r\n", "x"),
        Arguments.of("1;name=value;other=\"quoted; text\"\r\nx\r\n0;last\r\n\r\n", "x"),
        Arguments.of("1 \t;a\r\nx\r\n0;\r\n\r\n", "x"),
        Arguments.of("1\r\nx\r\n0\r\nA: b\r\nEmpty:\r\nC:\td e \r\n\r\n", "x"),
        Arguments.of("3\r\n0\r\n\r\n0\r\n\r\n", "0\r\n"));
  }

  @ParameterizedTest
  @MethodSource("valid")
  void findsTheEndAndTheDataHoweverTheyArrive(String body, String data) {
    byte[] message = bytes(body + "GET / HTTP/1.1");
    String expected = "done " + body.length() + " data " + data;
    assertThat(Chunks.everyWay(message, LIMIT)).isEqualTo(expected);
    assertThat(Chunks.everyWay(bytes(body), LIMIT)).isEqualTo(expected);
    for (int end = 0; end < body.length(); end++) {
      assertThat(Chunks.whole(bytes(body.substring(0, end)), LIMIT)).startsWith("more ");
    }
  }

  /** Bodies that are refused, and why. */
  static Stream<Arguments> malformed() {
    return Stream.of(
        Arguments.of("\r\n", ChunkError.INVALID_SIZE),
        Arguments.of("\n", ChunkError.INVALID_SIZE),
        Arguments.of(" 1\r\nx\r\n", ChunkError.INVALID_SIZE),
        Arguments.of("+1\r\nx\r\n", ChunkError.INVALID_SIZE),
        Arguments.of("-1\r\nx\r\n", ChunkError.INVALID_SIZE),
        Arguments.of("0x1\r\nx\r\n", ChunkError.INVALID_SIZE),
        Arguments.of("1_0\r\nx\r\n", ChunkError.INVALID_SIZE),
        Arguments.of("g\r\n", ChunkError.INVALID_SIZE),
        Arguments.of("\u00e1\r\n", ChunkError.INVALID_SIZE),
        Arguments.of(";a\r\n", ChunkError.INVALID_SIZE),
        Arguments.of("1\nx\r\n", ChunkError.BARE_LF),
        Arguments.of("1\rx\r\n", ChunkError.BARE_CR),
        Arguments.of("00000000000000001\r\n", ChunkError.SIZE_TOO_LARGE),
        Arguments.of("1000000000000001\r\n", ChunkError.SIZE_TOO_LARGE),
        Arguments.of("8000000000000000\r\n", ChunkError.SIZE_TOO_LARGE),
        Arguments.of("ffffffffffffffff\r\n", ChunkError.SIZE_TOO_LARGE),
        Arguments.of("10000000000000005\r\nhello\r\n", ChunkError.SIZE_TOO_LARGE),
        Arguments.of("1 \r\nx\r\n", ChunkError.INVALID_EXTENSION),
        Arguments.of("1 1\r\nx\r\n", ChunkError.INVALID_EXTENSION),
        Arguments.of("1;a\nx\r\n", ChunkError.BARE_LF),
        Arguments.of("1;a\rx\r\n", ChunkError.BARE_CR),
        Arguments.of("1;a\0\r\nx\r\n", ChunkError.INVALID_EXTENSION),
        Arguments.of("1;" + "a".repeat(LIMIT) + "\r\nx\r\n", ChunkError.EXTENSIONS_TOO_LARGE),
        Arguments.of("1" + " ".repeat(LIMIT + 1) + ";a\r\n", ChunkError.EXTENSIONS_TOO_LARGE),
        Arguments.of("1;aaa\r\nx\r\n".repeat(30), ChunkError.EXTENSIONS_TOO_LARGE),
        Arguments.of("1\r\nxy\r\n", ChunkError.MISSING_DATA_END),
        Arguments.of("1\r\nx\n0\r\n\r\n", ChunkError.MISSING_DATA_END),
        Arguments.of("1\r\nx\rX", ChunkError.BARE_CR),
        Arguments.of("0\r\n\n", ChunkError.BARE_LF),
        Arguments.of("0\r\n\rX", ChunkError.BARE_CR),
        Arguments.of("0\r\n folded: x\r\n\r\n", ChunkError.INVALID_TRAILER),
        Arguments.of("0\r\n: x\r\n\r\n", ChunkError.INVALID_TRAILER),
        Arguments.of("0\r\nA : x\r\n\r\n", ChunkError.INVALID_TRAILER),
        Arguments.of("0\r\nA\r\n\r\n", ChunkError.INVALID_TRAILER),
        Arguments.of("0\r\nA\n\r\n", ChunkError.BARE_LF),
        Arguments.of("0\r\nA: x\n\r\n", ChunkError.BARE_LF),
        Arguments.of("0\r\nA: x\ry\r\n\r\n", ChunkError.BARE_CR),
        Arguments.of("0\r\nA: x\0\r\n\r\n", ChunkError.INVALID_TRAILER),
        Arguments.of("0\r\nA: " + "x".repeat(LIMIT) + "\r\n\r\n", ChunkError.TRAILERS_TOO_LARGE),
        Arguments.of("0\r\n" + "x".repeat(LIMIT + 1) + ":", ChunkError.TRAILERS_TOO_LARGE),
        Arguments.of("0\r\n" + "A: x\r\n".repeat(11) + "\r\n", ChunkError.TRAILERS_TOO_LARGE));
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void refusesMalformedBodiesHoweverTheyArrive(String body, ChunkError expected) {
    assertThat(Chunks.everyWay(bytes(body), LIMIT)).startsWith(expected.name());
  }

  @Test
  void everyErrorKnowsTheStatusToAnswer() {
    for (ChunkError error : ChunkError.values()) {
      assertThat(error.status()).isEqualTo(error == ChunkError.TRAILERS_TOO_LARGE ? 431 : 400);
      assertThat(error.found()).isNotBlank();
    }
  }

  @Test
  void dataRenewsTheBoundOnExtensions() {
    String chunk = "10;signature=0123456789\r\n0123456789abcdef\r\n";
    String found = Chunks.whole(bytes(chunk.repeat(5) + "0\r\n\r\n"), LIMIT);
    assertThat(found).startsWith("done");
    assertThat(Chunks.whole(bytes(chunk.repeat(50) + "0\r\n\r\n"), LIMIT))
        .startsWith("EXTENSIONS_TOO_LARGE");
    String larger = "20;signature=0123456789\r\n0123456789abcdef0123456789abcdef\r\n";
    assertThat(Chunks.whole(bytes(larger.repeat(1000) + "0\r\n\r\n"), LIMIT)).startsWith("done");
  }

  @Test
  void hugeChunksAreCountedNotLookedAt() {
    ChunkScanner scanner = new ChunkScanner(LIMIT);
    ByteBuf buf = Unpooled.wrappedBuffer(bytes("1000000000000000\r\n" + "x".repeat(100)));
    assertThat(scanner.scan(buf, 0, buf.writerIndex())).isEqualTo(118);
    for (int i = 0; i < 100; i++) {
      assertThat(scanner.scan(buf, 18, 118)).isEqualTo(100);
    }
    assertThat(scanner.dataBytes()).isEqualTo(10_100);
    assertThat(scanner.done()).isFalse();
  }

  @Test
  void stepsFromRunToRun() {
    ChunkScanner scanner = new ChunkScanner(LIMIT);
    ByteBuf buf = Unpooled.wrappedBuffer(bytes("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\nnext"));
    assertThat(scanner.step(buf, 0, 5)).isEqualTo(5);
    assertThat(scanner.dataStart()).isEqualTo(3);
    assertThat(scanner.dataEnd()).isEqualTo(5);
    assertThat(scanner.step(buf, 5, buf.writerIndex())).isEqualTo(6);
    assertThat(scanner.dataStart()).isEqualTo(5);
    assertThat(scanner.dataEnd()).isEqualTo(6);
    assertThat(scanner.step(buf, 6, buf.writerIndex())).isEqualTo(13);
    assertThat(scanner.dataStart()).isEqualTo(11);
    assertThat(scanner.step(buf, 13, buf.writerIndex())).isEqualTo(20);
    assertThat(scanner.dataStart()).isEqualTo(scanner.dataEnd());
    assertThat(scanner.done()).isTrue();
    assertThat(scanner.step(buf, 20, buf.writerIndex())).isEqualTo(20);
    assertThat(scanner.scan(buf, 20, buf.writerIndex())).isZero();
    assertThat(scanner.dataBytes()).isEqualTo(5);
    assertThatThrownBy(scanner::error).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aMalformedBodyStaysMalformedUntilReset() {
    ChunkScanner scanner = new ChunkScanner(LIMIT);
    ByteBuf bad = Unpooled.wrappedBuffer(bytes("x"));
    ByteBuf good = Unpooled.wrappedBuffer(bytes("0\r\n\r\n"));
    assertThat(scanner.scan(bad, 0, 1)).isEqualTo(ChunkScanner.MALFORMED);
    assertThat(scanner.scan(good, 0, 5)).isEqualTo(ChunkScanner.MALFORMED);
    assertThat(scanner.scan(good, 0, 0)).isEqualTo(ChunkScanner.MALFORMED);
    assertThat(scanner.error()).isEqualTo(ChunkError.INVALID_SIZE);
    scanner.reset();
    assertThat(scanner.scan(good, 0, 5)).isEqualTo(5);
    assertThatThrownBy(() -> new ChunkScanner(-1)).isInstanceOf(IllegalArgumentException.class);
  }
}
