package io.steelyard.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** The proxies as they are measured with datagrams: one worker, one event loop. */
enum DatagramSite {
  NGINX("nginx", ""),
  EPOLL("steelyard-epoll", "epoll"),
  IO_URING("steelyard-io-uring", "io-uring"),
  NIO("steelyard-nio", "nio");

  /** What a datagram of a client means. */
  enum Kind {
    /** All of one client belong together, for as long as it goes on. */
    SESSIONS("sessions"),
    /** Each has one answer, and is balanced by itself. */
    SINGLE("single");

    private final String label;

    Kind(String label) {
      this.label = label;
    }

    String label() {
      return label;
    }
  }

  private final String label;
  private final String transport;

  DatagramSite(String label, String transport) {
    this.label = label;
    this.transport = transport;
  }

  static DatagramSite of(Transport transport) {
    return switch (transport) {
      case EPOLL -> EPOLL;
      case IO_URING -> IO_URING;
      case NIO -> NIO;
    };
  }

  String label() {
    return label;
  }

  /** Writes its configuration and says how to start it. */
  List<String> prepare(
      Path directory, String launcher, Kind kind, int port, int admin, List<Integer> to)
      throws IOException {
    return switch (this) {
      case NGINX -> {
        Path file = directory.resolve("nginx.conf");
        Files.writeString(file, NginxFile.stream(directory, 8192, nginx(kind, port, to)));
        yield NginxFile.command(directory, file);
      }
      case EPOLL, IO_URING, NIO -> {
        Path file = directory.resolve("steelyard.yaml");
        Files.writeString(file, steelyard(kind, port, admin, to));
        yield List.of(launcher, "run", file.toString());
      }
    };
  }

  private static String nginx(Kind kind, int port, List<Integer> to) {
    return """
      upstream endpoints {
    %s
      }
      server {
        listen 127.0.0.1:%d udp;
        proxy_pass endpoints;
        proxy_timeout 60s;
        %s
      }
    """
        .formatted(
            to.stream()
                .map("    server 127.0.0.1:%d;"::formatted)
                .collect(Collectors.joining("\n")),
            port,
            switch (kind) {
              case SESSIONS -> "";
              case SINGLE -> "proxy_responses 1; proxy_requests 1;";
            });
  }

  private String steelyard(Kind kind, int port, int admin, List<Integer> to) {
    return """
    admin: { address: 127.0.0.1:%d }
    transport: %s
    event-loops: 1
    listeners:
      bench:
        address: 127.0.0.1:%d
        protocol: udp
        pool: endpoints
        timeouts: { idle: 60s }
        sessions: { %s }
    pools:
      endpoints: { endpoints: [%s] }
    """
        .formatted(
            admin,
            transport,
            port,
            switch (kind) {
              case SESSIONS -> "answers: 0";
              case SINGLE -> "answers: 1, datagrams: 1";
            },
            to.stream().map("127.0.0.1:%d"::formatted).collect(Collectors.joining(", ")));
  }
}
