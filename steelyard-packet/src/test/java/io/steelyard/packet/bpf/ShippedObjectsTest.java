package io.steelyard.packet.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is shipped is what its source says: compiled anew, it has the same instructions and maps.
 */
class ShippedObjectsTest {
  /** Another compiler makes other instructions of the same source. */
  private static final String COMPILER = "clang version 14.";

  private static final Path BUILD = Path.of("src/main/bpf/build");

  @Test
  void objectsAreThoseOfTheirSources(@TempDir Path directory) throws Exception {
    requireCompiler();
    run(BUILD.toAbsolutePath().toString(), directory.toString());
    try (var built = Files.list(directory)) {
      var objects = built.toList();
      assertThat(objects).hasSize(6);
      for (var file : objects) {
        var name = file.getFileName().toString().replace(".bpf.o", "");
        compare(name, ObjectFile.read(Files.readAllBytes(file)), Objects.read(name));
      }
    }
  }

  private static void compare(String name, ObjectFile built, ObjectFile shipped) {
    assertThat(shipped.programNames()).isEqualTo(built.programNames());
    for (var program : built.programNames()) {
      assertThat(shipped.code(program))
          .as("%s of %s.bpf.o; steelyard-packet/src/main/bpf/build makes it anew", program, name)
          .isEqualTo(built.code(program));
    }
    assertThat(mapsOf(shipped)).isEqualTo(mapsOf(built));
    for (int i = 0; i < built.data().size(); i++) {
      assertThat(shipped.data().get(i).initial()).isEqualTo(built.data().get(i).initial());
    }
  }

  private static Map<String, MapSpec> mapsOf(ObjectFile object) {
    return object.maps().stream().collect(Collectors.toMap(MapSpec::name, map -> map));
  }

  private static void requireCompiler() throws Exception {
    String version;
    try {
      version = run(System.getenv().getOrDefault("CLANG", "clang"), "--version");
    } catch (IOException missing) {
      version = "no clang";
    }
    boolean found = version.contains(COMPILER);
    if ("1".equals(System.getenv("STEELYARD_TOOLS_REQUIRED"))) {
      assertThat(version).contains(COMPILER);
    }
    assumeTrue(found, "needs " + COMPILER + "x, found " + version);
  }

  private static String run(String... command) throws IOException, InterruptedException {
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    return output;
  }
}
