package io.steelyard.codec.http1;

import static io.steelyard.codec.http1.Heads.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.AdaptiveByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadEditTest {

  private static final String HEAD =
      "GET / HTTP/1.1\r\nHost: h\r\nConnection: x\r\nCookie: c\r\n\r\n";
  private static final String CONNECTION = "Connection: x\r\n";
  private static final String VIA = "Via: 1.1 steelyard\r\n";

  private final HeadEdit edit = new HeadEdit();
  private final List<ByteBuf> buffers = new ArrayList<>();

  @AfterEach
  void release() {
    buffers.forEach(ByteBuf::release);
  }

  @Test
  void removesAFieldAndAppendsAnotherWhereNothingFollows() {
    ByteBuf buf = buffer(HEAD, 256);
    startWithoutConnection();
    edit.append(bytes(VIA));
    assertThat(edit.isEmpty()).isFalse();
    int start = edit.applyInPlace(buf, 0, buf.writerIndex());
    assertThat(text(buf, start))
        .isEqualTo("GET / HTTP/1.1\r\nHost: h\r\nCookie: c\r\n" + VIA + "\r\n");
    assertThat(edit.editedLength()).isEqualTo(HEAD.length() - CONNECTION.length() + VIA.length());
  }

  @Test
  void aHeadWithoutEditsStaysWhereItIs() {
    ByteBuf buf = buffer("xx" + HEAD + "body", 0);
    edit.start(HEAD.length());
    assertThat(edit.isEmpty()).isTrue();
    assertThat(edit.applyInPlace(buf, 2, buf.writerIndex())).isEqualTo(2);
    assertThat(text(buf, 2)).isEqualTo(HEAD + "body");
  }

  @Test
  void slidesRightBeforeABodyWhenItShrinks() {
    ByteBuf buf = buffer(HEAD + "body", 0);
    startWithoutConnection();
    assertThat(edit.applyInPlace(buf, 0, buf.writerIndex())).isEqualTo(CONNECTION.length());
    assertThat(text(buf, CONNECTION.length())).isEqualTo(HEAD.replace(CONNECTION, "") + "body");
  }

  @Test
  void slidesLeftBeforeABodyWhenItGrowsIntoFreeRoom() {
    ByteBuf buf = buffer("consumed, consumed, consumed" + HEAD + "body", 0);
    int start = 28;
    edit.start(HEAD.length());
    edit.append(bytes(VIA));
    int expected = start - VIA.length();
    assertThat(edit.applyInPlace(buf, expected + 1, start, buf.writerIndex()))
        .isEqualTo(HeadEdit.NO_ROOM);
    assertThat(text(buf, start)).isEqualTo(HEAD + "body");
    assertThat(edit.applyInPlace(buf, expected, start, buf.writerIndex())).isEqualTo(expected);
    assertThat(text(buf, expected))
        .isEqualTo(HEAD.substring(0, HEAD.length() - 2) + VIA + "\r\nbody");
  }

  @Test
  void leavesTheBufferAloneWhenTheHeadDoesNotFit() {
    ByteBuf buf = buffer(HEAD + "body", 0);
    edit.start(HEAD.length());
    edit.append(bytes(VIA));
    assertThat(edit.applyInPlace(buf, 0, buf.writerIndex())).isEqualTo(HeadEdit.NO_ROOM);
    assertThat(text(buf, 0)).isEqualTo(HEAD + "body");
    ByteBuf copy = keep(edit.copy(buf, 0, UnpooledByteBufAllocator.DEFAULT));
    assertThat(text(copy, 0)).isEqualTo(HEAD.substring(0, HEAD.length() - 2) + VIA + "\r\n");
  }

  @Test
  void usesRoomBeforeTheHeadWhenThereIsNoneBehind() {
    ByteBuf buf = buffer("0123456789012345678901234567890" + HEAD, 0);
    edit.start(HEAD.length());
    edit.append(bytes(VIA));
    int start = edit.applyInPlace(buf, 31, buf.writerIndex());
    assertThat(start).isEqualTo(31 - VIA.length());
    assertThat(text(buf, start)).endsWith(VIA + "\r\n");
  }

  @Test
  void movesTheShorterPart() {
    ByteBuf buf = buffer(HEAD, 256);
    edit.start(HEAD.length());
    edit.remove(1, 2);
    assertThat(edit.applyInPlace(buf, 0, buf.writerIndex())).isEqualTo(1);
    assertThat(text(buf, 1)).startsWith("GT / HTTP");
    ByteBuf other = buffer(HEAD, 256);
    edit.start(HEAD.length());
    edit.remove(HEAD.length() - 4, HEAD.length() - 2);
    assertThat(edit.applyInPlace(other, 0, other.writerIndex())).isZero();
  }

  @Test
  void removesEmptyLinesBeforeARequest() {
    String message = "\r\n\r\n" + HEAD;
    ByteBuf buf = buffer(message, 0);
    RequestHead head = new RequestHead();
    head.parse(buf, 0, buf.writerIndex(), Heads.LIMITS);
    edit.start(head);
    edit.removeField(head, 1);
    int start = edit.applyInPlace(buf, 0, buf.writerIndex());
    assertThat(text(buf, start)).isEqualTo(HEAD.replace(CONNECTION, ""));
  }

  @Test
  void addsBytesOfTheHeadItself() {
    ByteBuf buf = buffer(HEAD, 256);
    edit.start(HEAD.length());
    edit.insert(HEAD.indexOf("h\r\n"), bytes("<"));
    edit.insert(HEAD.indexOf("h\r\n"), buf, 0, 3);
    edit.append(buf, 16, 9);
    edit.replace(0, 3, bytes("POST"));
    int start = edit.applyInPlace(buf, 0, buf.writerIndex());
    assertThat(text(buf, start))
        .isEqualTo(
            "POST / HTTP/1.1\r\nHost: <GETh\r\n" + CONNECTION + "Cookie: c\r\nHost: h\r\n\r\n");
  }

  @Test
  void refusesWhatIsNotWithinTheHead() {
    assertThatThrownBy(() -> edit.start(1)).isInstanceOf(IllegalArgumentException.class);
    edit.start(10);
    assertThatThrownBy(() -> edit.remove(5, 11)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> edit.remove(5, 4)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> edit.insert(10, bytes("x")))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> edit.insert(0, bytes("x"), 1, 1))
        .isInstanceOf(IndexOutOfBoundsException.class);
    ByteBuf buf = buffer("0123456789", 0);
    assertThatThrownBy(() -> edit.applyInPlace(buf, 1, 10))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> edit.applyInPlace(buf, 0, 9))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> edit.applyInPlace(buf, 1, 0, 10))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void randomEditsGiveWhatANaiveEditorGives(long seed) {
    Random random = new Random(seed);
    List<ByteBufAllocator> allocators =
        List.of(
            UnpooledByteBufAllocator.DEFAULT,
            PooledByteBufAllocator.DEFAULT,
            new AdaptiveByteBufAllocator());
    for (int round = 0; round < 1_000; round++) {
      ByteBufAllocator alloc = allocators.get(random.nextInt(allocators.size()));
      randomEdit(random, alloc);
    }
  }

  private void randomEdit(Random random, ByteBufAllocator alloc) {
    String before = randomText(random, random.nextInt(3) == 0 ? 0 : random.nextInt(80));
    String head = randomText(random, 2 + random.nextInt(60));
    String after = random.nextBoolean() ? "" : randomText(random, random.nextInt(20));
    NaiveEdit naive = new NaiveEdit(head);
    edit.start(head.length());
    for (int i = random.nextInt(25); i > 0; i--) {
      oneEdit(random, head.length(), naive);
    }
    int start = before.length();
    int floor = random.nextInt(start + 1);
    String message = before + head + after;
    boolean direct = random.nextBoolean();
    int capacity = message.length() + random.nextInt(60);
    ByteBuf buf = direct ? alloc.directBuffer(capacity) : alloc.heapBuffer(capacity);
    try {
      buf.writeCharSequence(message, StandardCharsets.ISO_8859_1);
      compareCopy(buf, start, naive, alloc, before, head, after);
      compareInPlace(buf, floor, start, naive, before, head, after);
    } finally {
      buf.release();
    }
  }

  private void oneEdit(Random random, int length, NaiveEdit naive) {
    int at = random.nextInt(length);
    if (random.nextInt(3) == 0) {
      int to = at + random.nextInt(Math.min(12, length - at + 1));
      edit.remove(at, to);
      naive.remove(at, to);
    } else {
      int where = random.nextInt(4) == 0 ? length - 2 : at;
      String added = randomText(random, random.nextInt(30));
      edit.insert(where, bytes(added));
      naive.insert(where, added);
    }
  }

  private void compareCopy(
      ByteBuf buf, int start, NaiveEdit naive, ByteBufAllocator alloc, String... parts) {
    ByteBuf copy = edit.copy(buf, start, alloc);
    try {
      assertThat(text(copy, 0)).isEqualTo(naive.result());
      assertThat(text(buf, 0)).isEqualTo(String.join("", parts));
      assertThat(edit.editedLength()).isEqualTo(naive.result().length());
    } finally {
      copy.release();
    }
  }

  private void compareInPlace(
      ByteBuf buf,
      int floor,
      int start,
      NaiveEdit naive,
      String before,
      String head,
      String after) {
    String expected = naive.result() + after;
    int growth = naive.result().length() - head.length();
    int room = after.isEmpty() ? buf.maxFastWritableBytes() : 0;
    int begin = edit.applyInPlace(buf, floor, start, buf.writerIndex());
    if (begin == HeadEdit.NO_ROOM) {
      assertThat(growth)
          .isGreaterThan(after.isEmpty() ? Math.max(start - floor, room) : start - floor);
      assertThat(text(buf, 0)).isEqualTo(before + head + after);
      return;
    }
    assertThat(begin).isGreaterThanOrEqualTo(Math.min(floor, start));
    assertThat(text(buf, begin)).isEqualTo(expected);
    int untouched = Math.min(begin, floor);
    assertThat(text(buf, 0).substring(0, untouched)).isEqualTo(before.substring(0, untouched));
  }

  /** Marks removed bytes and keeps additions per offset: too simple to be wrong. */
  private static final class NaiveEdit {

    private final String head;
    private final boolean[] removed;
    private final List<StringBuilder> added = new ArrayList<>();

    NaiveEdit(String head) {
      this.head = head;
      removed = new boolean[head.length()];
      for (int i = 0; i < head.length(); i++) {
        added.add(new StringBuilder());
      }
    }

    void remove(int from, int to) {
      Arrays.fill(removed, from, to, true);
    }

    void insert(int at, String text) {
      added.get(at).append(text);
    }

    String result() {
      StringBuilder result = new StringBuilder();
      for (int i = 0; i < head.length(); i++) {
        result.append(added.get(i));
        if (!removed[i]) {
          result.append(head.charAt(i));
        }
      }
      return result.toString();
    }
  }

  private void startWithoutConnection() {
    edit.start(HEAD.length());
    int at = HEAD.indexOf(CONNECTION);
    edit.remove(at, at + CONNECTION.length());
  }

  private static String randomText(Random random, int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append((char) ('a' + random.nextInt(26)));
    }
    return text.toString();
  }

  /** A buffer that ends some bytes after the text. */
  private ByteBuf buffer(String text, int room) {
    ByteBuf buf = UnpooledByteBufAllocator.DEFAULT.directBuffer(text.length() + room);
    buf.writeCharSequence(text, StandardCharsets.ISO_8859_1);
    return keep(buf);
  }

  private ByteBuf keep(ByteBuf buf) {
    buffers.add(buf);
    return buf;
  }

  private static String text(ByteBuf buf, int from) {
    return buf.toString(from, buf.writerIndex() - from, StandardCharsets.ISO_8859_1);
  }
}
