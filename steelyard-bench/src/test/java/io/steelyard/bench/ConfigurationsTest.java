package io.steelyard.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.steelyard.model.read.ConfigReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every configuration that the runner writes is one that its program takes. */
class ConfigurationsTest {
  private static final FileLimit LIMIT = new FileLimit(20_000);

  @TempDir Path directory = Path.of("");

  @ParameterizedTest
  @EnumSource
  void nginxTakesWhatWeTuneItWith(Tuning tuning) throws Exception {
    assumeTrue(Tools.find("nginx").isPresent(), "nginx");
    for (Carried carried : Carried.values()) {
      for (Work work : Work.values()) {
        check(new NginxPeer(tuning, carried).prepare(site(work)).command(), "-t");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void haproxyTakesWhatWeTuneItWith(Tuning tuning) throws Exception {
    assumeTrue(Tools.find("haproxy").isPresent(), "haproxy");
    for (Carried carried : Carried.values()) {
      for (Work work : Work.values()) {
        check(new HaproxyPeer(tuning, carried, true).prepare(site(work)).command(), "-c");
      }
    }
  }

  @Test
  void nginxTakesTheEndpointsConfiguration() throws Exception {
    assumeTrue(Tools.find("nginx").isPresent(), "nginx");
    Path file = directory.resolve("endpoints.conf");
    Files.writeString(
        file, Endpoints.configuration(directory, List.of(12_001, 12_002, 12_003), LIMIT));

    check(NginxFile.command(directory, file), "-t");
  }

  @ParameterizedTest
  @EnumSource
  void steelyardTakesItsOwn(Transport transport) throws Exception {
    for (boolean accessLog : new boolean[] {false, true}) {
      for (Carried carried : Carried.values()) {
        steelyardTakes(transport, carried, accessLog);
      }
    }
  }

  private void steelyardTakes(Transport transport, Carried carried, boolean accessLog)
      throws Exception {
    Steelyard steelyard =
        new Steelyard("steelyard", Path.of("none"), transport, carried, accessLog);
    List<String> command = steelyard.prepare(site(Work.SMALL)).command();
    assertThat(new ConfigReader().read(Path.of(command.getLast())).findings()).isEmpty();
  }

  @Test
  void largeBodiesAreTunedAsChosen() throws Exception {
    assertThat(nginx(Tuning.LARGE_BUFFERS, Work.ONE_M)).contains("proxy_buffers 8 128k;");
    assertThat(nginx(Tuning.CACHE_SIZED, Work.ONE_M)).contains("proxy_buffers 8 16k;");
    assertThat(nginx(Tuning.LARGE_BUFFERS, Work.SMALL)).doesNotContain("proxy_buffers");
    assertThat(haproxy(Tuning.LARGE_BUFFERS, Work.ONE_M))
        .contains("tune.bufsize 131072")
        .contains("option splice-response");
    assertThat(haproxy(Tuning.CACHE_SIZED, Work.ONE_M)).doesNotContain("tune.bufsize");
    assertThat(haproxy(Tuning.LARGE_BUFFERS, Work.SMALL)).doesNotContain("splice");
  }

  private String nginx(Tuning tuning, Work work) throws IOException {
    return written(new NginxPeer(tuning, Carried.HTTP).prepare(site(work)), "-c");
  }

  private String haproxy(Tuning tuning, Work work) throws IOException {
    return written(new HaproxyPeer(tuning, Carried.HTTP, true).prepare(site(work)), "-f");
  }

  private static String written(Contestant.Launch launch, String option) throws IOException {
    int file = launch.command().indexOf(option) + 1;
    return Files.readString(Path.of(launch.command().get(file)));
  }

  private Contestant.Site site(Work work) {
    return new Contestant.Site(directory, 12_000, 12_900, List.of(12_001, 12_002), work, LIMIT);
  }

  private static void check(List<String> command, String option) throws Exception {
    List<String> check = new ArrayList<>(command);
    check.add(option);
    try (Workspace workspace = Workspace.create()) {
      Child child = workspace.start("check", check);

      assertThat(child.await(Duration.ofSeconds(20))).as(child::errors).isZero();
      assertThat(child.output() + child.errors()).doesNotContainIgnoringCase("warn");
    }
  }
}
