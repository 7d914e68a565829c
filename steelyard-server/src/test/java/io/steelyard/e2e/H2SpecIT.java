package io.steelyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** h2spec (github.com/summerwind/h2spec): each of its cases, over TLS and without. */
class H2SpecIT {
  private static final String ARCHIVE = "/h2spec/2.2.0/h2spec_linux_amd64.tar.gz";
  private static final String ALL_PASSED = "145 tests, 145 passed, 0 skipped, 0 failed";
  private static final String SECONDS_FOR_A_CASE = "20";

  @ParameterizedTest
  @ValueSource(strings = {"plain", "secure"})
  void everyCasePasses(String listener, @TempDir Path directory)
      throws IOException, InterruptedException {
    assumeTrue(System.getProperty("os.arch").equals("amd64"), "h2spec is a program for x86-64");
    try (Nginx nginx = Nginx.start(directory, "nginx");
        Steelyard steelyard =
            Steelyard.run(directory, Tls.in(directory).yaml(List.of(nginx.address())))) {
      String address = steelyard.address(listener);
      List<String> command = new ArrayList<>(List.of(unpack(directory)));
      command.addAll(List.of("--host", "127.0.0.1", "--timeout", SECONDS_FOR_A_CASE));
      command.addAll(List.of("--path", "/name", "--verbose"));
      command.addAll(List.of("--port", address.substring(address.lastIndexOf(':') + 1)));
      if (listener.equals("secure")) {
        command.addAll(List.of("--tls", "--insecure"));
      }
      try (Program h2spec = Program.start(directory, "h2spec", command)) {
        h2spec.awaitExit();
        assertThat(h2spec.output()).as("%s", h2spec).contains(ALL_PASSED);
      }
      steelyard.stop();
    }
  }

  private static String unpack(Path directory) throws IOException, InterruptedException {
    Path archive = directory.resolve("h2spec.tar.gz");
    try (InputStream in = H2SpecIT.class.getResourceAsStream(ARCHIVE)) {
      Files.copy(Objects.requireNonNull(in, ARCHIVE), archive);
    }
    Program.run(
        directory, "tar", List.of("tar", "-xzf", archive.toString(), "-C", directory.toString()));
    return directory.resolve("h2spec").toString();
  }
}
