package io.steelyard.codec.http1;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FieldNameTest {

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "OTHER")
  void isRecognisedInAnyCase(FieldName name) {
    assertThat(recognise(name.text())).isEqualTo(name);
    assertThat(recognise(name.text().toLowerCase(Locale.ROOT))).isEqualTo(name);
    assertThat(recognise(name.text().toUpperCase(Locale.ROOT))).isEqualTo(name);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "OTHER")
  void isNotRecognisedWithAnyOtherCharacter(FieldName name) {
    for (int i = 0; i < name.text().length(); i++) {
      StringBuilder text = new StringBuilder(name.text());
      text.setCharAt(i, text.charAt(i) == 'q' ? 'z' : 'q');
      assertThat(recognise(text.toString())).isEqualTo(FieldName.OTHER);
    }
    assertThat(recognise(name.text() + "s")).isEqualTo(FieldName.OTHER);
    assertThat(recognise(name.text().substring(1))).isEqualTo(FieldName.OTHER);
  }

  @Test
  void aNameWithTheSameHashIsAnother() {
    assertThat(Scan.hash("hoq4")).isEqualTo(Scan.hash("host"));
    assertThat(recognise("hoq4")).isEqualTo(FieldName.OTHER);
  }

  @Test
  void methodsAreRecognisedByCase() {
    for (Method method : Method.values()) {
      assertThat(method(method.name())).isEqualTo(method);
      assertThat(method(method.name().toLowerCase(Locale.ROOT))).isEqualTo(Method.OTHER);
      assertThat(method(method.name() + "S")).isEqualTo(Method.OTHER);
    }
    assertThat(Method.GET.safe()).isTrue();
    assertThat(Method.PUT.safe()).isFalse();
    assertThat(Method.PUT.idempotent()).isTrue();
    assertThat(Method.POST.idempotent()).isFalse();
    assertThat(Method.OTHER.idempotent()).isFalse();
  }

  /** With and without bytes after the name: short names are compared differently. */
  private static FieldName recognise(String name) {
    int hash = Scan.hash(name.toLowerCase(Locale.ROOT));
    byte[] bytes = Heads.bytes(name);
    FieldName found = FieldName.recognise(Unpooled.wrappedBuffer(bytes), 0, bytes.length, hash);
    byte[] longer = Heads.bytes(name + ": value\r\n");
    assertThat(FieldName.recognise(Unpooled.wrappedBuffer(longer), 0, bytes.length, hash))
        .isEqualTo(found);
    return found;
  }

  private static Method method(String name) {
    return Method.of(Unpooled.wrappedBuffer(Heads.bytes(name + " / HTTP/1.1")), 0, name.length());
  }
}
