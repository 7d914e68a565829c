package io.steelyard.bench;

import java.nio.file.Path;
import java.util.List;

/** What nginx needs, be it a proxy or an endpoint: one worker, everything in its own directory. */
final class NginxFile {
  /** Where Debian has them, whatever the directory that nginx runs in. */
  private static final String MODULES = "/usr/lib/nginx/modules/";

  private NginxFile() {}

  static List<String> command(Path directory, Path file) {
    return List.of(
        Tools.require("nginx"),
        "-p",
        directory.toString(),
        "-c",
        file.toString(),
        // The compiled-in path is opened before the configuration is read, and is root's.
        "-e",
        directory.resolve("error.log").toString());
  }

  /**
   * The same for connections instead of requests.
   *
   * @param stream further lines of the stream section
   */
  static String stream(Path directory, int connections, String stream) {
    return """
    load_module %4$sngx_stream_module.so;
    daemon off;
    worker_processes 1;
    pid %1$s/nginx.pid;
    error_log %1$s/error.log error;
    events {
      worker_connections %2$d;
    }
    stream {
      tcp_nodelay on;
    %3$s}
    """
        .formatted(directory, connections, stream, MODULES);
  }

  /**
   * @param connections of both sides together
   * @param http further lines of the http section
   */
  static String of(Path directory, int connections, String http) {
    return """
    daemon off;
    worker_processes 1;
    pid %1$s/nginx.pid;
    error_log %1$s/error.log error;
    events {
      worker_connections %2$d;
    }
    http {
      access_log off;
      sendfile on;
      tcp_nodelay on;
      keepalive_requests 1000000000;
      keepalive_timeout 600s;
      client_body_temp_path %1$s/body;
      proxy_temp_path %1$s/proxy;
      fastcgi_temp_path %1$s/fastcgi;
      uwsgi_temp_path %1$s/uwsgi;
      scgi_temp_path %1$s/scgi;
    %3$s}
    """
        .formatted(directory, connections, http);
  }
}
