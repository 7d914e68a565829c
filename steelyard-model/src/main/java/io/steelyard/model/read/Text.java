package io.steelyard.model.read;

import io.steelyard.model.Position;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/** From bytes to text that YAML may consist of. */
final class Text {
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private Text() {}

  /** Decodes UTF-8, with or without a byte order mark. */
  static String decode(byte[] bytes) throws Unreadable {
    if (startsWith(bytes, 0xfe, 0xff) || startsWith(bytes, 0xff, 0xfe)) {
      throw new Unreadable("is UTF-16 text, expected UTF-8", null);
    }
    var in = ByteBuffer.wrap(bytes);
    var out = CharBuffer.allocate(bytes.length);
    CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(in, out, true);
    var text = check(out.flip().toString());
    if (result.isError()) {
      var found = String.format("byte 0x%02x", in.get() & 0xff);
      throw new Unreadable(
          found + " is not UTF-8, expected UTF-8 text", positionOf(text, text.length()));
    }
    return text;
  }

  /**
   * Checks that there are only characters that YAML permits (section 5.1), and removes the byte
   * order mark.
   */
  static String check(String text) throws Unreadable {
    var content = !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
    int length;
    for (int i = 0; i < content.length(); i += length) {
      int character = content.codePointAt(i);
      length = Character.charCount(character);
      if (!isPermitted(character)) {
        throw new Unreadable(
            String.format("character U+%04X is not permitted, expected text", character),
            positionOf(content, i));
      }
    }
    return content;
  }

  private static boolean isPermitted(int character) {
    if (character < 0x20) {
      return character == '\t' || character == '\n' || character == '\r';
    }
    boolean control = character >= 0x7f && character < 0xa0 && character != 0x85;
    boolean surrogate =
        character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE;
    return !control
        && !surrogate
        && character != 0xfffe
        && character != 0xffff
        && character != BYTE_ORDER_MARK;
  }

  private static Position positionOf(String text, int offset) {
    int line = 1;
    int start = 0;
    for (int i = 0; i < offset; i++) {
      char c = text.charAt(i);
      boolean lineEnd =
          c == '\n' || (c == '\r' && !(i + 1 < text.length() && text.charAt(i + 1) == '\n'));
      if (lineEnd) {
        line++;
        start = i + 1;
      }
    }
    return new Position(line, text.codePointCount(start, offset) + 1);
  }

  private static boolean startsWith(byte[] bytes, int first, int second) {
    return bytes.length >= 2 && (bytes[0] & 0xff) == first && (bytes[1] & 0xff) == second;
  }
}
