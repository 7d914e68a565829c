package io.steelyard.proxy.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.proxy.log.AccessRecord.Text;
import io.steelyard.proxy.stats.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class AccessRecordTest {
  private final AccessRecord record = new AccessRecord();

  @Test
  void longTextsEndWithDots() {
    Records.text(record, Text.METHOD, "M".repeat(33));
    assertThat(text(Text.METHOD)).isEqualTo("M".repeat(29) + "...");
    Records.text(record, Text.HOST, "h".repeat(255));
    assertThat(text(Text.HOST)).isEqualTo("h".repeat(255));
  }

  @Test
  void aCutDoesNotSplitACharacter() {
    for (int shift = 0; shift < 4; shift++) {
      record.clear();
      Records.text(record, Text.METHOD, "x".repeat(shift) + "秤".repeat(20));
      assertThat(text(Text.METHOD)).matches("x{" + shift + "}秤+\\.\\.\\.");
      assertThat(record.textLength(Text.METHOD.index())).isBetween(29, 32);
    }
  }

  @Test
  void bytesThatAreNotUtf8AreCutToo() {
    byte[] continuations = new byte[100];
    Arrays.fill(continuations, (byte) 0x80);
    Records.text(record, Text.METHOD, continuations);
    assertThat(record.textLength(Text.METHOD.index())).isBetween(26, 32);
  }

  @Test
  void theFirstTextStays() {
    Records.text(record, Text.TARGET, "/a");
    Records.text(record, Text.TARGET, "/b");
    assertThat(text(Text.TARGET)).isEqualTo("/a");
  }

  @Test
  void clearingForgetsEverything() {
    AccessRecord used = Records.sample();
    used.reason = Reason.SHUTDOWN;
    Records.text(used, Text.REFERER, "r".repeat(1024));
    used.clear();
    assertThat(used)
        .usingRecursiveComparison()
        .ignoringFields("bytes", "starts")
        .isEqualTo(new AccessRecord());
    assertThat(used.bytes().length).isLessThanOrEqualTo(1024);
  }

  private String text(Text which) {
    return new String(
        record.bytes(),
        record.textStart(which.index()),
        record.textLength(which.index()),
        StandardCharsets.UTF_8);
  }
}
