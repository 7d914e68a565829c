package io.steelyard.codec.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class DnsQuestionTest {
  private final DnsQuestion question = new DnsQuestion();

  /** A query for a name of these labels. */
  static ByteBuf query(int type, String... labels) {
    ByteBuf query = Unpooled.buffer().writeShort(4711).writeShort(0x0100).writeShort(1);
    query.writeShort(0).writeShort(0).writeShort(0);
    for (String label : labels) {
      query.writeByte(label.length()).writeCharSequence(label, StandardCharsets.ISO_8859_1);
    }
    return query.writeByte(0).writeShort(type).writeShort(1);
  }

  private boolean parse(ByteBuf bytes) {
    return question.parse(bytes, bytes.readerIndex(), bytes.writerIndex());
  }

  @Test
  void nameAndType() {
    assertThat(parse(query(28, "wWw", "Example", "COM"))).isTrue();
    assertThat(question.name()).isEqualTo("www.example.com");
    assertThat(question.type()).isEqualTo(28);
    assertThat(parse(query(2))).isTrue();
    assertThat(question.name()).isEmpty();
    assertThat(question.type()).isEqualTo(2);
  }

  /** One label of "a.b" is not the two labels "a" and "b". */
  @Test
  void dotsWithinLabelsAreToldFromDotsBetweenThem() {
    assertThat(parse(query(1, "a.b", "c\\"))).isTrue();
    assertThat(question.name()).isEqualTo("a\\.b.c\\\\");
  }

  @Test
  void whatFollowsDoesNotMatter() {
    ByteBuf withOptions = query(1, "a").writeBytes(new byte[30]);
    assertThat(parse(withOptions)).isTrue();
    assertThat(question.name()).isEqualTo("a");
  }

  @Test
  void whatIsNoQueryWithOneQuestion() {
    assertThat(parse(query(1, "a").setByte(2, 0x81))).as("an answer").isFalse();
    assertThat(parse(query(1, "a").setShort(4, 2))).as("two questions").isFalse();
    assertThat(parse(query(1, "a").setShort(4, 0))).as("none").isFalse();
    assertThat(parse(query(1, "a").setByte(12, 0xc0))).as("a pointer").isFalse();
    assertThat(question.name()).isEmpty();
    assertThat(parse(query(1, "a".repeat(64)))).as("a long label").isFalse();
    String[] labels = new String[200];
    Arrays.fill(labels, "a");
    assertThat(parse(query(1, labels))).as("a long name").isFalse();
    ByteBuf whole = query(1, "www", "example", "com");
    for (int end = 0; end < whole.writerIndex() - 2; end++) {
      assertThat(question.parse(whole, 0, end)).as("cut at %d", end).isFalse();
    }
  }
}
