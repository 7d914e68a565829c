package io.steelyard.balance.balancer;

import static io.steelyard.balance.Fixtures.endpoints;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.steelyard.balance.FakeSelection;
import io.steelyard.model.BalancerSpec;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program itself, one thread, over sockets in a directory of the test's own. */
class HaproxyStaticRoundRobinTest {
  private static final int[][] POOLS = {
    {1, 1, 1}, {5, 1, 1}, {2, 4, 3}, {20, 40, 30, 10}, {1, 100, 7, 13}, {50, 1, 1, 50, 1}, {3, 0, 2}
  };

  @TempDir private Path directory;

  @Test
  void whoGetsWhichRequestIsTheSame() throws Exception {
    var program =
        Stream.of("/usr/sbin/haproxy", "/usr/local/sbin/haproxy", "/usr/bin/haproxy")
            .map(Path::of)
            .filter(Files::isExecutable)
            .findFirst();
    if (System.getenv("STEELYARD_TOOLS_REQUIRED") != null) {
      assertThat(program).as("haproxy").isPresent();
    }
    assumeTrue(program.isPresent(), "haproxy is not installed");
    var process = start(program.orElseThrow());
    try {
      for (int pool = 0; pool < POOLS.length; pool++) {
        int requests = 2 * Arrays.stream(POOLS[pool]).sum() + 1;
        assertThat(asked(pool, requests))
            .as("weights %s", Arrays.toString(POOLS[pool]))
            .isEqualTo(chosen(POOLS[pool], requests));
      }
    } finally {
      process.destroy();
      process.waitFor(10, TimeUnit.SECONDS);
    }
  }

  private static List<Integer> chosen(int[] weights, int requests) {
    var balancer =
        Balancers.standard().create(BalancerSpec.of("static-round-robin"), endpoints(weights));
    var selection = new FakeSelection(1);
    var chosen = new ArrayList<Integer>();
    for (int i = 0; i < requests; i++) {
      chosen.add(requireNonNull(balancer.select(selection)).index());
    }
    return chosen;
  }

  private Process start(Path program) throws IOException, InterruptedException {
    var file = Files.writeString(directory.resolve("haproxy.cfg"), configuration());
    var process =
        new ProcessBuilder(program.toString(), "-db", "-f", file.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("haproxy.log").toFile())
            .start();
    while (process.isAlive() && !Files.exists(socket("p" + (POOLS.length - 1)))) {
      process.waitFor(10, TimeUnit.MILLISECONDS);
    }
    assertThat(process.isAlive()).as(Files.readString(directory.resolve("haproxy.log"))).isTrue();
    return process;
  }

  private Path socket(String name) {
    return directory.resolve(name);
  }

  /** Endpoints are frontends that answer with their number. */
  private String configuration() {
    var text = new StringBuilder("global\n nbthread 1\ndefaults\n mode http\n");
    text.append(" timeout client 10s\n timeout server 10s\n timeout connect 10s\n");
    for (int i = 0; i < 5; i++) {
      text.append("frontend e%d\n bind unix@%s\n".formatted(i, socket("e" + i)))
          .append(
              " http-request return status 200 content-type text/plain string \"%d\"\n"
                  .formatted(i));
    }
    for (int pool = 0; pool < POOLS.length; pool++) {
      text.append("listen p%d\n bind unix@%s\n".formatted(pool, socket("p" + pool)))
          .append(" balance static-rr\n");
      for (int i = 0; i < POOLS[pool].length; i++) {
        text.append(
            " server s%d unix@%s weight %d\n".formatted(i, socket("e" + i), POOLS[pool][i]));
      }
    }
    return text.toString();
  }

  private List<Integer> asked(int pool, int requests) throws IOException {
    var answers = new ArrayList<Integer>();
    for (int i = 0; i < requests; i++) {
      answers.add(ask(socket("p" + pool)));
    }
    return answers;
  }

  private static int ask(Path socket) throws IOException {
    try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      channel.write(ByteBuffer.wrap("GET / HTTP/1.0\r\n\r\n".getBytes(US_ASCII)));
      var answer = ByteBuffer.allocate(4_096);
      while (channel.read(answer) > 0) {
        // HTTP/1.0: the answer ends with the connection
      }
      var text = new String(answer.array(), 0, answer.position(), US_ASCII);
      assertThat(text).startsWith("HTTP/1.1 200");
      return Integer.parseInt(text.substring(text.indexOf("\r\n\r\n") + 4));
    }
  }
}
