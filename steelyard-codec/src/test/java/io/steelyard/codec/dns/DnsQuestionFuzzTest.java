package io.steelyard.codec.dns;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.Unpooled;

/** {@code JAZZER_FUZZ=1} looks for new inputs; without it, those found before are tried again. */
class DnsQuestionFuzzTest {
  @FuzzTest(maxDuration = "1m")
  void anyBytes(byte[] bytes) {
    DnsQuestion question = new DnsQuestion();
    boolean isOne = question.parse(Unpooled.wrappedBuffer(bytes), 0, bytes.length);
    if (isOne) {
      assertThat(question.name()).hasSizeLessThanOrEqualTo(2 * 255).doesNotMatch(".*[A-Z].*");
      assertThat(question.type()).isBetween(0, 0xffff);
    }
  }
}
