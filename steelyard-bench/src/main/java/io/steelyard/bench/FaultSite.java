package io.steelyard.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The proxies as they are measured against faults: probes every 500 ms that may take 400 ms, two in
 * a row decide; five errors in a row of traffic, too; connecting may take 500 ms, an answer 1 s;
 * two further attempts wherever the program can make them. nginx has no probes in its free version:
 * it has its {@code max_fails}.
 */
enum FaultSite {
  STEELYARD("steelyard") {
    @Override
    List<String> prepare(Path directory, String launcher, int port, int admin, List<Integer> to)
        throws IOException {
      return List.of(
          launcher, "run", file(directory, "steelyard.yaml", steelyard(port, admin, to)));
    }
  },
  HAPROXY("haproxy") {
    @Override
    List<String> prepare(Path directory, String launcher, int port, int admin, List<Integer> to)
        throws IOException {
      return List.of(
          Tools.require("haproxy"), "-db", "-f", file(directory, "haproxy.cfg", haproxy(port, to)));
    }
  },
  NGINX("nginx") {
    @Override
    List<String> prepare(Path directory, String launcher, int port, int admin, List<Integer> to)
        throws IOException {
      return List.of(
          Tools.require("nginx"),
          "-p",
          directory.toString(),
          "-e",
          directory.resolve("error.log").toString(),
          "-c",
          file(directory, "nginx.conf", nginx(directory, port, to)));
    }
  };

  private final String label;

  FaultSite(String label) {
    this.label = label;
  }

  String label() {
    return label;
  }

  /** Writes its configuration and says how to start it. */
  abstract List<String> prepare(
      Path directory, String launcher, int port, int admin, List<Integer> to) throws IOException;

  private static String file(Path directory, String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text).toString();
  }

  private static String steelyard(int port, int admin, List<Integer> to) {
    return """
    admin: { address: 127.0.0.1:%d }
    event-loops: 1
    listeners:
      web: { address: 127.0.0.1:%d, pool: site }
    pools:
      site:
        endpoints: [%s]
        retries: { attempts: 2, on: [connect, reset, timeout, invalid, 500-599] }
        timeouts: { connect: 500ms, response: 1s }
        health: { http: { path: /healthz }, interval: 500ms, timeout: 400ms, rise: 2, fall: 2 }
        passive-health: { consecutive-errors: 5, slow-factor: 3, window: 1s, least-requests: 10 }
    """
        .formatted(
            admin,
            port,
            to.stream().map(each -> "127.0.0.1:" + each).collect(Collectors.joining(", ")));
  }

  private static String haproxy(int port, List<Integer> to) {
    return """
    global
      nbthread 1
    defaults
      mode http
      timeout connect 500ms
      timeout client 30s
      timeout server 1s
      timeout check 400ms
      http-reuse always
      retries 2
      option redispatch 1
      retry-on all-retryable-errors
    frontend web
      bind 127.0.0.1:%d
      default_backend site
    backend site
      balance roundrobin
      option httpchk GET /healthz
      default-server check inter 500ms rise 2 fall 2 observe layer7 error-limit 5 on-error mark-down
    %s
    """
        .formatted(
            port,
            IntStream.range(0, to.size())
                .mapToObj(i -> "  server e%d 127.0.0.1:%d".formatted(i, to.get(i)))
                .collect(Collectors.joining("\n")));
  }

  private static String nginx(Path directory, int port, List<Integer> to) {
    return """
    daemon off;
    master_process off;
    pid %1$s/nginx.pid;
    events { worker_connections 4096; }
    http {
      access_log off;
      client_body_temp_path %1$s/body;
      proxy_temp_path %1$s/proxy;
      fastcgi_temp_path %1$s/fastcgi;
      uwsgi_temp_path %1$s/uwsgi;
      scgi_temp_path %1$s/scgi;
      keepalive_requests 1000000;
      upstream site {
    %2$s
        keepalive 64;
      }
      server {
        listen 127.0.0.1:%3$d;
        location / {
          proxy_pass http://site;
          proxy_http_version 1.1;
          proxy_set_header Connection "";
          proxy_connect_timeout 500ms;
          proxy_read_timeout 1s;
          proxy_next_upstream error timeout invalid_header http_500 http_502 http_503 http_504;
          proxy_next_upstream_tries 3;
        }
      }
    }
    """
        .formatted(
            directory,
            to.stream()
                .map(each -> "    server 127.0.0.1:%d max_fails=5 fail_timeout=1s;".formatted(each))
                .collect(Collectors.joining("\n")),
            port);
  }
}
