package io.steelyard.packet.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.packet.bpf.NeedsRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What changes under load: endpoints, and the director itself. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@NeedsRoot
class LifeIT {
  private static final String BOTH = "10.20.0.21@8080=1 10.20.0.22@8080=1";

  private Lab lab;

  @BeforeAll
  void start() {
    lab = new Lab();
  }

  @AfterAll
  void stop() {
    lab.close();
  }

  private void serve(int vip, String mode, String endpoints) {
    lab.director().ask("serve TCP 10.99.0." + vip + " 80 " + mode + " " + endpoints);
  }

  private String who(int vip) {
    return lab.client("curl", "-sS", "-m", "20", "http://10.99.0." + vip + "/who");
  }

  private List<Process> downloads(Path directory, int vip, int count) {
    var downloads = new ArrayList<Process>();
    for (int i = 0; i < count; i++) {
      downloads.add(
          lab.clientProcess(
              directory.resolve("log" + i),
              "curl",
              "-sS",
              "-m",
              "60",
              "--limit-rate",
              "1500k",
              "-o",
              directory.resolve("file" + i).toString(),
              "http://10.99.0." + vip + "/bytes"));
    }
    return downloads;
  }

  private static void areWhole(List<Process> downloads, Path directory) throws Exception {
    for (int i = 0; i < downloads.size(); i++) {
      assertThat(downloads.get(i).waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(downloads.get(i).exitValue())
          .as(Files.readString(directory.resolve("log" + i)))
          .isZero();
      assertThat(Files.readAllBytes(directory.resolve("file" + i))).isEqualTo(Lab.content());
    }
  }

  /** kill -9 and a restart, with transfers under way and new connections all the time. */
  @Test
  void aKilledDirectorLosesNoConnection(@TempDir Path directory) throws Exception {
    for (var mode : List.of("nat", "fullnat")) {
      int vip = mode.equals("nat") ? 1 : 2;
      serve(vip, mode, BOTH);
      var downloads = downloads(directory, vip, 4);
      await(directory);
      lab.killDirector();
      var program = lab.programAt("eth0");
      var answers = new HashSet<String>();
      for (int i = 0; i < 20; i++) {
        answers.add(who(vip).replaceAll(" .*", ""));
      }
      assertThat(answers).containsExactlyInAnyOrder("endpoint1", "endpoint2");
      lab.restartDirector();
      assertThat(lab.programAt("eth0"))
          .as("another program by BPF_LINK_UPDATE")
          .isNotEqualTo(program);
      serve(vip, mode, BOTH);
      for (int i = 0; i < 20; i++) {
        assertThat(who(vip)).startsWith("endpoint");
      }
      assertThat(downloads).as("still under way").anyMatch(Process::isAlive);
      areWhole(downloads, directory);
      assertThat(lab.director().ask("counters TCP 10.99.0." + vip + " 80 " + mode))
          .as("counters go on, too")
          .containsPattern("connections=4[4-9]");
      Files.delete(directory.resolve("file0"));
    }
  }

  /** Until a transfer has begun. */
  private static void await(Path directory) {
    Awaitility.await().until(() -> size(directory.resolve("file0")) > 100_000);
  }

  private static long size(Path file) throws IOException {
    return Files.exists(file) ? Files.size(file) : 0;
  }

  @Test
  void aDrainedEndpointEndsItsTransfersAndGetsNoNewOnes(@TempDir Path directory) throws Exception {
    serve(3, "nat", BOTH);
    var downloads = downloads(directory, 3, 6);
    await(directory);
    serve(3, "nat", "10.20.0.21@8080=1 10.20.0.22@8080=0");
    for (int i = 0; i < 20; i++) {
      assertThat(who(3)).startsWith("endpoint1");
    }
    assertThat(downloads).as("still under way").anyMatch(Process::isAlive);
    areWhole(downloads, directory);
  }

  @Test
  void nothingIsLeftOfAPlaneThatIsRemoved() {
    serve(5, "nat", BOTH);
    assertThat(who(5)).startsWith("endpoint");
    assertThat(lab.isAttached("eth0")).isTrue();
    assertThat(lab.director().ask("remove")).isEqualTo("removed");
    assertThat(lab.isAttached("eth0")).isFalse();
    assertThat(lab.isAttached("eth1")).isFalse();
    lab.killDirector();
    lab.restartDirector();
    serve(5, "nat", BOTH);
    assertThat(who(5)).startsWith("endpoint");
  }

  /** Its clients are cut off; all others, and all that come, are served. */
  @Test
  void aDeadEndpointIsReplaced() {
    serve(4, "nat", BOTH);
    lab.killEndpoint(2);
    serve(4, "nat", "10.20.0.21@8080=1");
    for (int i = 0; i < 20; i++) {
      assertThat(who(4)).startsWith("endpoint1");
    }
    lab.startEndpoint(2);
    serve(4, "nat", BOTH);
    var answers = new HashSet<String>();
    for (int i = 0; i < 30; i++) {
      answers.add(who(4).replaceAll(" .*", ""));
    }
    assertThat(answers).containsExactlyInAnyOrder("endpoint1", "endpoint2");
  }
}
