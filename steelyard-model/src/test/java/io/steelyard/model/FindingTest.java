package io.steelyard.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.model.Finding.Severity;
import org.junit.jupiter.api.Test;

class FindingTest {
  @Test
  void isWrittenAsCompilersDo() {
    var finding =
        new Finding(Severity.ERROR, "pools.site", new Position(3, 7), "is wrong, expected right");
    assertThat(finding.format("a.yaml"))
        .isEqualTo("a.yaml:3:7: error: pools.site: is wrong, expected right");
  }

  @Test
  void leavesOutWhatIsAbsent() {
    assertThat(new Finding(Severity.ERROR, "", null, "there is no such file").format("a.yaml"))
        .isEqualTo("a.yaml: error: there is no such file");
    assertThat(new Finding(Severity.WARNING, "pools.x", null, "is not used").format("a.yaml"))
        .isEqualTo("a.yaml: warning: pools.x: is not used");
  }
}
