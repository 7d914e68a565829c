package io.steelyard.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** nginx with one worker, reused connections to the endpoints, no log, buffers to fit the work. */
record NginxPeer(Tuning tuning, Carried carried) implements Contestant {
  @Override
  public String name() {
    return Peer.NGINX.label();
  }

  @Override
  public boolean peer() {
    return true;
  }

  @Override
  public boolean jvm() {
    return false;
  }

  @Override
  public Optional<String> absence() {
    return Tools.find("nginx").isPresent() ? Optional.empty() : Optional.of(Tools.absence("nginx"));
  }

  @Override
  public Launch prepare(Site site) throws IOException {
    Path file = site.directory().resolve("nginx.conf");
    Files.writeString(file, configuration(site));
    return Launch.of(NginxFile.command(site.directory(), file).toArray(String[]::new));
  }

  private String configuration(Site site) throws IOException {
    int connections = site.limit().connections();
    return switch (carried) {
      case HTTP, HTTPS, H2 -> NginxFile.of(site.directory(), connections, http(site));
      case TCP -> NginxFile.stream(site.directory(), connections, stream(site));
    };
  }

  private static String stream(Site site) {
    return """
      upstream endpoints {
    %s
      }
      server {
        listen 127.0.0.1:%d backlog=4096;
        proxy_pass endpoints;
        %s
      }
    """
        .formatted(
            servers(site.endpointPorts()),
            site.port(),
            site.work() == Work.ONE_M ? "proxy_buffer_size 128k;" : "");
  }

  private String tls(Site site) throws IOException {
    if (!carried.isSecure()) {
      return ";";
    }
    SiteCertificate files = SiteCertificate.in(site.directory());
    return " ssl http2;%n    ssl_certificate %s;%n    ssl_certificate_key %s;%n"
            .formatted(files.certificate(), files.key())
        + "    ssl_protocols TLSv1.2 TLSv1.3;";
  }

  private String http(Site site) throws IOException {
    return """
      upstream endpoints {
    %s
        keepalive 1024;
        keepalive_requests 1000000000;
        keepalive_timeout 600s;
      }
      server {
        listen 127.0.0.1:%d backlog=4096%s
        location / {
          proxy_pass http://endpoints;
          proxy_http_version 1.1;
          proxy_set_header Connection "";
          proxy_max_temp_file_size 0;
          %s
        }
      }
    """
        .formatted(servers(site.endpointPorts()), site.port(), tls(site), buffers(site.work()));
  }

  private static String servers(List<Integer> ports) {
    return ports.stream()
        .map(port -> "    server 127.0.0.1:%d;".formatted(port))
        .collect(Collectors.joining("\n"));
  }

  private String buffers(Work work) {
    String cacheSized = "proxy_buffer_size 16k; proxy_buffers 8 16k;";
    return switch (work) {
      case SMALL, CONNECT, RESUME -> "";
      case TEN_K -> cacheSized; // one buffer holds the whole answer
      case ONE_M ->
          switch (tuning) {
            case LARGE_BUFFERS -> "proxy_buffer_size 16k; proxy_buffers 8 128k;";
            case CACHE_SIZED -> cacheSized;
          };
    };
  }
}
