package io.steelyard.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkspaceTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  @Test
  void leavesNoProcessAndNoFileBehind() throws Exception {
    Path directory;
    List<ProcessHandle> family;
    try (Workspace workspace = Workspace.create()) {
      directory = workspace.directory("site");
      Files.writeString(directory.resolve("file"), "text");
      Child child = workspace.start("shell", List.of("sh", "-c", "sleep 600 & echo up; wait"));
      while (!child.output().contains("up")) {
        Thread.onSpinWait();
      }
      family = child.workers().stream().map(pid -> ProcessHandle.of(pid).orElseThrow()).toList();
      assertThat(family).hasSize(1);
    }

    assertThat(directory.getParent()).doesNotExist();
    assertThat(family).noneMatch(ProcessHandle::isAlive);
  }

  @Test
  void insistsWhenAskingIsNotEnough() throws Exception {
    try (Workspace workspace = Workspace.create()) {
      Child stubborn =
          workspace.start(
              "shell", List.of("sh", "-c", "trap '' TERM; echo up; while :; do sleep 600; done"));
      while (!stubborn.output().contains("up")) {
        Thread.onSpinWait();
      }
      stubborn.stop(Duration.ofMillis(50));

      assertThat(stubborn.await(LIMIT)).isEqualTo(137);
    }
  }

  @Test
  void tellsWhyAProgramFailed() throws Exception {
    try (Workspace workspace = Workspace.create()) {
      List<String> failing = List.of("sh", "-c", "echo no such thing >&2; exit 3");

      assertThatThrownBy(() -> workspace.run("shell", failing, LIMIT))
          .hasMessage("shell: it ended with status 3: no such thing");
      assertThat(workspace.run("shell", List.of("echo", "text"), LIMIT)).isEqualTo("text\n");
    }
  }

  @Test
  void startsNothingOnceItIsClosed() throws Exception {
    Workspace workspace = Workspace.create();
    workspace.close();
    workspace.close();

    assertThatThrownBy(() -> workspace.start("shell", List.of("true")))
        .hasMessage("the run was stopped");
  }
}
