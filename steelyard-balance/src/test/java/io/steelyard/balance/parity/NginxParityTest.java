package io.steelyard.balance.parity;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Ten thousand keys to the servers that nginx itself chooses for them. */
class NginxParityTest {
  private static final List<Integer> MIXED = List.of(1, 2, 3, 1, 5, 1, 1);
  private static final List<Integer> EVEN = List.of(1, 1, 1, 1, 1);

  /** How many servers are marked down for nginx, from the first on: for us they are refused. */
  record Case(
      String directive,
      List<Integer> weights,
      String balancer,
      Map<String, Object> options,
      int down) {
    @Override
    public String toString() {
      return directive + " / " + balancer + options + ", down " + down;
    }
  }

  private static final List<Case> CASES = cases();

  @TempDir private static Path directory;

  private static List<Integer> endpoints = List.of();
  private static List<Integer> listeners = List.of();
  private static Tool nginx;

  private static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (List<Integer> weights : List.of(MIXED, EVEN)) {
      for (int down = 0; down < 3; down++) {
        cases.add(of("ip_hash", weights, "source-hash", false, down));
        cases.add(of("hash $binary_remote_addr", weights, "key-hash", false, down));
        cases.add(of("hash $binary_remote_addr consistent", weights, "source-hash", true, down));
        cases.add(of("hash $request_uri", weights, "uri-hash", false, down));
        cases.add(of("hash $request_uri consistent", weights, "uri-hash", true, down));
      }
    }
    return cases;
  }

  private static Case of(
      String directive, List<Integer> weights, String balancer, boolean consistent, int down) {
    Map<String, Object> options = Map.of("like", "nginx", "consistent", consistent);
    return new Case(directive, weights, balancer, options, down);
  }

  @BeforeAll
  static void start() throws IOException {
    String program = Tool.path("nginx");
    List<Integer> ports = Tool.freePorts(7 + CASES.size());
    endpoints = ports.subList(0, 7);
    listeners = ports.subList(7, ports.size());
    Path file = directory.resolve("nginx.conf");
    Files.writeString(file, configuration());
    nginx =
        Tool.serve(
            directory,
            listeners.getLast(),
            List.of(program, "-p", directory.toString(), "-c", file.toString()));
  }

  @AfterAll
  static void stop() {
    if (nginx != null) {
      nginx.close();
    }
  }

  private static String configuration() {
    StringBuilder text =
        new StringBuilder(
            """
            daemon off;
            master_process off;
            pid %1$s/nginx.pid;
            error_log stderr error;
            events { worker_connections 1024; }
            http {
              access_log off;
              keepalive_requests 1000000;
              proxy_temp_path %1$s/proxy;
              client_body_temp_path %1$s/body;
              fastcgi_temp_path %1$s/fastcgi;
              uwsgi_temp_path %1$s/uwsgi;
              scgi_temp_path %1$s/scgi;
              set_real_ip_from 127.0.0.1;
              real_ip_header x-from;
              server {
                return 200 $server_port;
            """
                .formatted(directory));
    endpoints.forEach(port -> text.append("    listen 127.0.0.1:%d;%n".formatted(port)));
    text.append("  }\n");
    for (int i = 0; i < CASES.size(); i++) {
      text.append("  upstream c%d {%n    %s;%n".formatted(i, CASES.get(i).directive));
      for (int k = 0; k < CASES.get(i).weights.size(); k++) {
        text.append(
            "    server 127.0.0.1:%d weight=%d %s;%n"
                .formatted(
                    endpoints.get(k),
                    CASES.get(i).weights.get(k),
                    k < CASES.get(i).down ? "down" : ""));
      }
      text.append(
          """
              keepalive 8;
            }
            server {
              listen 127.0.0.1:%d;
              location / {
                proxy_pass http://c%d;
                proxy_http_version 1.1;
                proxy_set_header connection "";
              }
            }
          """
              .formatted(listeners.get(i), i));
    }
    return text.append("}\n").toString();
  }

  @ParameterizedTest
  @FieldSource("CASES")
  void placesKeysAsNginxDoes(Case compared) throws Exception {
    int listener = listeners.get(CASES.indexOf(compared));
    boolean isUri = compared.balancer.equals("uri-hash");
    List<String> keys = isUri ? Keys.targets() : Keys.addresses();
    List<String> theirs =
        HttpAsker.ask(
            listener,
            keys.stream().map(key -> isUri ? get(key, "127.0.0.1") : get("/", key)).toList());
    List<Integer> ours =
        Ours.ports(
            compared.balancer,
            compared.options,
            Ours.endpoints(endpoints, compared.weights),
            isUri ? Keys.bytes(keys) : Keys.addressBytes(keys),
            compared.down);
    assertThat(ours.stream().distinct()).hasSize(compared.weights.size() - compared.down);
    List<String> differing =
        IntStream.range(0, keys.size())
            .filter(i -> !theirs.get(i).equals(ours.get(i).toString()))
            .mapToObj(i -> keys.get(i) + ": " + theirs.get(i) + ", ours " + ours.get(i))
            .toList();
    assertThat(differing).isEmpty();
  }

  private static String get(String target, String from) {
    return "GET " + target + " HTTP/1.1\r\nhost: h\r\nx-from: " + from + "\r\n\r\n";
  }
}
