package io.steelyard.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/** One nginx with one worker that serves every {@link Work} on several ports. */
final class Endpoints {
  static final String SMALL_BODY = "Hello, world!\n";
  private static final int PORTS = 3;

  private final List<Integer> ports;
  private final List<Long> pids;

  private Endpoints(List<Integer> ports, List<Long> pids) {
    this.ports = ports;
    this.pids = pids;
  }

  /** Starts them and returns when they answer. */
  static Endpoints start(Workspace workspace, int core, FileLimit limit)
      throws IOException, InterruptedException {
    Path directory = workspace.directory("endpoints");
    Random random = new Random(1); // not compressible, and the same in every run
    for (Work work : List.of(Work.TEN_K, Work.ONE_M)) {
      byte[] body = new byte[work.bodyBytes()];
      random.nextBytes(body);
      Files.write(directory.resolve(work.label()), body);
    }
    List<Integer> ports = Ports.free(PORTS);
    Path file = directory.resolve("nginx.conf");
    Files.writeString(file, configuration(directory, ports, limit));
    Child child = workspace.start("endpoints", Pinned.to(core, NginxFile.command(directory, file)));
    for (int port : ports) {
      Readiness.await("endpoints", child, port, Work.SMALL);
    }
    return new Endpoints(ports, child.workers());
  }

  static String configuration(Path directory, List<Integer> ports, FileLimit limit) {
    String listen =
        ports.stream()
            .map(port -> "    listen 127.0.0.1:%d backlog=4096;".formatted(port))
            .collect(Collectors.joining("\n"));
    return NginxFile.of(
        directory,
        limit.connections(),
        """
          tcp_nopush on;
          open_file_cache max=10;
          root %s;
          server {
        %s
            location = %s {
              return 200 "%s";
            }
          }
        """
            .formatted(directory, listen, Work.SMALL.path(), SMALL_BODY.replace("\n", "\\n")));
  }

  List<Integer> ports() {
    return ports;
  }

  List<Long> pids() {
    return pids;
  }
}
