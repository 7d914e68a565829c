package io.steelyard.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * HAProxy with one thread, {@code http-reuse always}, no log; splice and buffers to fit the work.
 *
 * @param splice whether it may splice
 */
record HaproxyPeer(Tuning tuning, Carried carried, boolean splice) implements Contestant {
  @Override
  public String name() {
    return Peer.HAPROXY.label() + (splice ? "" : "-copy");
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
    return Tools.find("haproxy").isPresent()
        ? Optional.empty()
        : Optional.of(Tools.absence("haproxy"));
  }

  @Override
  public Launch prepare(Site site) throws IOException {
    Path file = site.directory().resolve("haproxy.cfg");
    Files.writeString(file, configuration(site));
    return Launch.of(Tools.require("haproxy"), "-db", "-f", file.toString());
  }

  private String configuration(Site site) throws IOException {
    return """
    global
      nbthread 1
    %s
    defaults
      mode %s
      timeout connect 5s
      timeout client 600s
      timeout server 600s
      timeout http-keep-alive 600s
    %s
    frontend bench
      bind 127.0.0.1:%d backlog 4096%s
      default_backend endpoints
    backend endpoints
      balance roundrobin
    %s
    """
        .formatted(
            global(site),
            mode(),
            options(site.work()),
            site.port(),
            tls(site),
            servers(site.endpointPorts()));
  }

  private String mode() {
    return switch (carried) {
      case TCP -> "tcp";
      case HTTP, HTTPS, H2 -> "http";
    };
  }

  private String tls(Site site) throws IOException {
    return carried.isSecure()
        ? " ssl crt " + SiteCertificate.in(site.directory()).both() + " alpn h2,http/1.1"
        : "";
  }

  /** Sets pipes aside for splicing, which come out of the same limit of open files. */
  private String global(Site site) {
    int pairs = site.limit().pairs();
    return switch (site.work()) {
      case SMALL, TEN_K, CONNECT, RESUME -> "  maxconn " + pairs;
      case ONE_M -> {
        String limits = "  maxconn %d%n  maxpipes %d".formatted(pairs / 2, pairs / 4);
        yield switch (tuning) {
          case LARGE_BUFFERS -> limits + "\n  tune.bufsize 131072";
          case CACHE_SIZED -> limits;
        };
      }
    };
  }

  private String options(Work work) {
    String splicing = splice && work == Work.ONE_M ? "  option splice-response\n" : "";
    return switch (carried) {
      case HTTP, HTTPS, H2 -> splicing + "  http-reuse always";
      case TCP -> splicing;
    };
  }

  private static String servers(List<Integer> ports) {
    return IntStream.range(0, ports.size())
        .mapToObj(i -> "  server e%d 127.0.0.1:%d".formatted(i + 1, ports.get(i)))
        .collect(Collectors.joining("\n"));
  }
}
