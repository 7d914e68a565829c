package io.steelyard.server;

import static java.util.Objects.requireNonNull;

import io.steelyard.balance.balancer.Balancers;
import io.steelyard.model.Configuration;
import io.steelyard.model.read.ConfigReader;
import io.steelyard.model.read.ReadResult;
import io.steelyard.server.demo.SampleEndpoint;
import io.steelyard.server.demo.SampleLoad;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Sample endpoints, a server that balances over them, and a little load. */
final class Demo implements AutoCloseable {
  private static final String LISTENER = "web";
  private static final List<String> ENDPOINTS = List.of("one", "two", "three");

  private final List<SampleEndpoint> endpoints;
  private final Server server;
  private final @Nullable SampleLoad load;

  private Demo(List<SampleEndpoint> endpoints, Server server, @Nullable SampleLoad load) {
    this.endpoints = endpoints;
    this.server = server;
    this.load = load;
  }

  /**
   * Starts it.
   *
   * @param port of the listener, 0 for any
   * @param adminPort 0 for any
   * @param requestsPerSecond 0 for no load
   * @throws StartException when a port cannot be had; nothing runs then
   */
  static Demo start(int port, int adminPort, int requestsPerSecond) throws StartException {
    try (Started started = new Started()) {
      List<SampleEndpoint> endpoints =
          ENDPOINTS.stream().map(Demo::endpoint).map(started::add).toList();
      Configuration configuration = read(yaml(port, adminPort, endpoints));
      Server server = started.add(Server.start(configuration, Balancers.standard()));
      SampleLoad load =
          requestsPerSecond == 0 ? null : SampleLoad.start(site(server), requestsPerSecond);
      started.keep();
      return new Demo(endpoints, server, load);
    }
  }

  private static SampleEndpoint endpoint(String name) {
    try {
      return SampleEndpoint.start(name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Through the reader, so that what is printed is what runs. */
  private static Configuration read(String yaml) {
    ReadResult result = new ConfigReader().readString("demo", yaml);
    Configuration configuration = result.configuration();
    if (configuration == null) {
      throw new IllegalStateException(String.join("\n", result.lines()));
    }
    return configuration;
  }

  private static String yaml(int port, int adminPort, List<SampleEndpoint> endpoints) {
    return """
    admin:
      address: 127.0.0.1:%d

    listeners:
      %s:
        address: 127.0.0.1:%d
        pool: samples

    pools:
      samples:
        balancer: round-robin
        endpoints:
    %s
    """
        .formatted(
            adminPort,
            LISTENER,
            port,
            endpoints.stream()
                .map(endpoint -> "      - " + endpoint.address() + " # " + endpoint.name())
                .collect(Collectors.joining("\n")));
  }

  private static URI site(Server server) {
    return http(server.addresses().get(LISTENER));
  }

  private static URI http(@Nullable InetSocketAddress address) {
    return URI.create("http://" + HostPort.of(requireNonNull(address)) + "/");
  }

  /** Where the sample endpoints are reached through the server. */
  URI site() {
    return site(server);
  }

  URI admin() {
    return http(server.adminAddress());
  }

  /** The configuration that runs, with the real ports. */
  String configuration() {
    return yaml(site().getPort(), admin().getPort(), endpoints);
  }

  /** What came of the load so far; empty when there is none. */
  Optional<String> loadSummary() {
    return load == null ? Optional.empty() : Optional.of(load.summary());
  }

  /** Waits until it has been closed; false when it still runs after that time. */
  boolean awaitStop(Duration atMost) throws InterruptedException {
    return server.awaitStop(atMost);
  }

  /** Stops everything, the load first. */
  @Override
  public void close() {
    if (load != null) {
      load.close();
    }
    server.close();
    endpoints.forEach(SampleEndpoint::close);
  }
}
