package io.steelyard.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Steelyard, started by its distribution's script as a user would: {@code LAUNCHER run FILE}. One
 * event loop, all the rest as it is by default.
 *
 * @param build which build it is, when several are compared
 * @param carried as what it carries the load
 * @param accessLog whether it writes an access log
 */
record Steelyard(
    String build, Path launcher, Transport transport, Carried carried, boolean accessLog)
    implements Contestant {
  static final String ACCESS_LOG = "access.log";

  @Override
  public String name() {
    return build + "-" + transport.label() + (accessLog ? "-log" : "");
  }

  @Override
  public boolean peer() {
    return false;
  }

  @Override
  public boolean jvm() {
    return true;
  }

  @Override
  public Optional<String> absence() {
    return Files.isExecutable(launcher)
        ? Optional.empty()
        : Optional.of(launcher + " does not exist or is not executable (build it, or --steelyard)");
  }

  @Override
  public Launch prepare(Site site) throws IOException {
    Path file = site.directory().resolve("steelyard.yaml");
    Files.writeString(file, configuration(site));
    return Launch.of(launcher.toString(), "run", file.toString());
  }

  private String configuration(Site site) throws IOException {
    String endpoints =
        site.endpointPorts().stream()
            .map(port -> "127.0.0.1:" + port)
            .collect(Collectors.joining(", "));
    return """
    transport: %s
    event-loops: 1
    %sadmin:
      address: 127.0.0.1:%d
    listeners:
      bench:
        address: 127.0.0.1:%d
        protocol: %s
        pool: endpoints
        max-connections: %d
        timeouts: { idle: 10m }
    %spools:
      endpoints:
        endpoints: [%s]
        connections: { idle: 1024 }
    """
        .formatted(
            transport.label(),
            accessLog ? "access-log: { file: %s }%n".formatted(logFile(site)) : "",
            site.adminPort(),
            site.port(),
            carried == Carried.TCP ? "tcp" : "http",
            site.limit().connections(),
            tls(site),
            endpoints);
  }

  private String tls(Site site) throws IOException {
    if (!carried.isSecure()) {
      return "";
    }
    SiteCertificate files = SiteCertificate.in(site.directory());
    return "    tls: { certificates: [{ certificate: %s, key: %s }] }%n"
        .formatted(files.certificate(), files.key());
  }

  private static Path logFile(Site site) {
    return site.directory().resolve(ACCESS_LOG);
  }
}
