package io.steelyard.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QuoteTest {
  @Test
  void escapesWhatATerminalWouldObey() {
    assertThat(Quote.of("a\u001b[2Jb\n")).isEqualTo("'a\\u001b[2Jb\\u000a'");
    assertThat(Quote.of("\u202eabc")).isEqualTo("'\\u202eabc'");
    assertThat(Quote.of("café 🙂")).isEqualTo("'café 🙂'");
  }

  @Test
  void cutsWhatIsLong() {
    assertThat(Quote.of("x".repeat(80))).hasSize(82);
    assertThat(Quote.of("x".repeat(81))).isEqualTo("'" + "x".repeat(80) + "…'");
    assertThat(Quote.message("x\n".repeat(201))).isEqualTo("x\\u000a".repeat(200) + "…");
  }
}
