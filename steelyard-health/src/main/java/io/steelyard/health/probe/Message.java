package io.steelyard.health.probe;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** What a probe sends. */
final class Message {
  private Message() {}

  static byte[] bytes(@Nullable String text, @Nullable String hex) {
    if (hex != null) {
      return HexFormat.of().parseHex(hex.replace(" ", ""));
    }
    return text == null ? new byte[0] : text.getBytes(UTF_8);
  }
}
