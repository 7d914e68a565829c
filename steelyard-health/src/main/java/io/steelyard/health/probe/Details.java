package io.steelyard.health.probe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;

/** Turns bytes of endpoints into text that can be matched, logged and shown. */
final class Details {
  private Details() {}

  /** The bytes as UTF-8 when that is what they are, else as ISO 8859-1, which has all bytes. */
  static String text(byte[] bytes, int from, int to) {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, from, to - from)).toString();
    } catch (CharacterCodingException e) {
      return new String(bytes, from, to - from, ISO_8859_1);
    }
  }

  /** One line that can do no harm in a log: control characters are shown as dots. */
  static String line(String text, int longest) {
    var line = new StringBuilder(Math.min(text.length(), longest + 1));
    for (int i = 0; i < text.length() && i < longest; i++) {
      char c = text.charAt(i);
      line.append(Character.isISOControl(c) ? '.' : c);
    }
    return text.length() > longest ? line.append('…').toString() : line.toString();
  }

  /** The text in quotes, cut to what can be read at a glance. */
  static String quote(String text) {
    return "'" + line(text, 80) + "'";
  }
}
