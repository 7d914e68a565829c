package io.steelyard.e2e;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** nginx as an endpoint: one process, which can be killed and started again at its address. */
final class Nginx implements AutoCloseable {
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

  private final String name;
  private final Path directory;
  private final InetSocketAddress address;
  private Program program;

  private Nginx(String name, Path directory, InetSocketAddress address) {
    this.name = name;
    this.directory = directory;
    this.address = address;
    this.program = startProgram();
  }

  /** Starts one. Its documents are in {@link #root}; {@code /name} answers with its name. */
  static Nginx start(Path parent, String name) throws IOException {
    Path directory = Files.createDirectory(parent.resolve(name));
    Files.createDirectory(directory.resolve("root"));
    InetSocketAddress address = new InetSocketAddress(LOOPBACK, freePort());
    Files.writeString(directory.resolve("nginx.conf"), configuration(name, directory, address));
    Nginx nginx = new Nginx(name, directory, address);
    nginx.awaitListening();
    return nginx;
  }

  /**
   * A port that nobody listens on now, and that the kernel gives to nobody of its own accord
   * (ip_local_port_range begins above).
   */
  static int freePort() throws IOException {
    for (; ; ) {
      int port = ThreadLocalRandom.current().nextInt(10_000, 32_000);
      try (ServerSocket socket = new ServerSocket()) {
        socket.bind(new InetSocketAddress(LOOPBACK, port));
        return port;
      } catch (BindException e) {
        // taken: the next one
      }
    }
  }

  private static String configuration(String name, Path directory, InetSocketAddress address) {
    return """
    daemon off;
    master_process off;
    pid %2$s/nginx.pid;
    error_log %2$s/error.log error;
    events { worker_connections 1024; }
    http {
      access_log off;
      types { text/html html; }
      default_type application/octet-stream;
      keepalive_requests 1000000;
      client_max_body_size 0;
      client_body_temp_path %2$s/body;
      proxy_temp_path %2$s/proxy;
      fastcgi_temp_path %2$s/fastcgi;
      uwsgi_temp_path %2$s/uwsgi;
      scgi_temp_path %2$s/scgi;
      server {
        listen %3$s:%4$d;
        root %2$s/root;
        location = /name { return 200 "%1$s\\n"; }
        location = /told {
          return 200 "$request_method $request_uri $server_protocol $http_x_forwarded_for $http_expect\\n";
        }
        location /chunked/ { alias %2$s/root/; add_trailer X-Trailer end always; }
        location /put/ { alias %2$s/root/; dav_methods PUT DELETE; }
      }
    }
    """
        .formatted(name, directory, address.getHostString(), address.getPort());
  }

  private Program startProgram() {
    Path errors = directory.resolve("error.log");
    return Program.start(
        directory,
        name,
        List.of(
            Tool.NGINX.path(),
            "-p",
            directory.toString(),
            "-c",
            directory.resolve("nginx.conf").toString(),
            // The compiled-in path is opened before the configuration is read, and is root's.
            "-e",
            errors.toString()));
  }

  private void awaitListening() {
    await(name + " listens").atMost(Program.PATIENCE).until(this::listens);
  }

  private boolean listens() {
    try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  InetSocketAddress address() {
    return address;
  }

  Path root() {
    return directory.resolve("root");
  }

  /** SIGKILL: what it was doing is cut off, its connections are reset. */
  void kill() throws InterruptedException {
    program.kill();
  }

  /** Sends it a signal: STOP, CONT. */
  void signal(String signal) {
    program.signal(signal);
  }

  /** Starts it again after {@link #kill}. */
  void restart() {
    program = startProgram();
    awaitListening();
  }

  @Override
  public void close() {
    program.close();
  }
}
