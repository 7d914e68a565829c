package io.steelyard.balance.parity;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.balance.Endpoint;
import io.steelyard.balance.PoolState;
import io.steelyard.model.Address;
import io.steelyard.model.EndpointSpec;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ten thousand keys to the servers that libmemcached itself chooses for them: weighted ketama. */
class LibmemcachedParityTest {
  private static final String PROGRAM =
      """
      #include <libmemcached-1.0/memcached.h>
      #include <stdio.h>
      #include <stdlib.h>
      #include <string.h>
      int main(int argc, char **argv) {
        memcached_st *m = memcached_create(NULL);
        memcached_behavior_set(m, MEMCACHED_BEHAVIOR_KETAMA_WEIGHTED, 1);
        for (int i = 1; i + 2 < argc; i += 3)
          memcached_server_add_with_weight(m, argv[i], atoi(argv[i + 1]), atoi(argv[i + 2]));
        char line[512];
        while (fgets(line, sizeof line, stdin)) {
          line[strcspn(line, "\\n")] = 0;
          printf("%u\\n", memcached_generate_hash(m, line, strlen(line)));
        }
        return 0;
      }
      """;

  @TempDir private static Path directory;

  /** The port of memcached itself is among them: it is left out of the server's name. */
  @Test
  void placesKeysAsLibmemcachedDoes() throws Exception {
    List<EndpointSpec> specs = new ArrayList<>();
    int[] weights = {1, 2, 3, 1, 5, 7};
    for (int i = 0; i < weights.length; i++) {
      Address address = new Address("10.1.0." + i, i % 2 == 0 ? 11_211 : 11_300 + i);
      specs.add(EndpointSpec.of(address, weights[i]));
    }
    List<Endpoint> endpoints = new PoolState("p").endpoints(specs);
    List<String> keys = Keys.words();

    List<String> theirs = ask(endpoints, keys);

    List<String> theirPorts = theirs.stream().map(i -> "10.1.0." + i).toList();
    List<String> ours =
        Ours.endpoints("ketama", Map.of("hash", "md5"), endpoints, Keys.bytes(keys)).stream()
            .map(endpoint -> endpoint.address().host())
            .toList();
    assertThat(ours).isEqualTo(theirPorts);
    assertThat(ours.stream().distinct()).hasSize(weights.length);
  }

  private static List<String> ask(List<Endpoint> endpoints, List<String> keys)
      throws IOException, InterruptedException {
    Path source = directory.resolve("place.c");
    Path program = directory.resolve("place");
    Files.writeString(source, PROGRAM);
    run(List.of(Tool.path("gcc"), "-o", program.toString(), source.toString(), "-lmemcached"), "");
    List<String> command = new ArrayList<>(List.of(program.toString()));
    for (Endpoint endpoint : endpoints) {
      command.add(endpoint.address().host());
      command.add(Integer.toString(endpoint.address().port()));
      command.add(Integer.toString(endpoint.weight()));
    }
    return run(command, String.join("\n", keys) + "\n").lines().toList();
  }

  private static String run(List<String> command, String input)
      throws IOException, InterruptedException {
    Path output = directory.resolve("output");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try (OutputStream in = process.getOutputStream()) {
      in.write(input.getBytes(ISO_8859_1));
    }
    int status = process.waitFor();
    String printed = Files.readString(output);
    assertThat(status).as(printed).isZero();
    return printed;
  }
}
