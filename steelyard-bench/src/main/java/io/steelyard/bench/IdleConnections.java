package io.steelyard.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Keep-alive connections that made one request each and then stay silent. */
final class IdleConnections implements AutoCloseable {
  private static final int PER_SOURCE = 3_000;

  private final List<HttpProbe> probes = new ArrayList<>();

  /** Opens them one after the other, so that the proxy needs but one connection to an endpoint. */
  static IdleConnections open(int port, int count, boolean secure) throws IOException {
    IdleConnections connections = new IdleConnections();
    try {
      for (int i = 0; i < count; i++) {
        connections.add("127.0.0." + (2 + i / PER_SOURCE), port, secure);
      }
      return connections;
    } catch (IOException e) {
      connections.close();
      throw new IOException(
          "connection %d of %d: %s".formatted(connections.probes.size(), count, e.getMessage()), e);
    }
  }

  private void add(String source, int port, boolean secure) throws IOException {
    HttpProbe probe = HttpProbe.connect(source, port, secure);
    probes.add(probe);
    probe.get(Work.SMALL);
  }

  @Override
  public void close() throws IOException {
    for (HttpProbe probe : probes) {
      probe.close();
    }
  }
}
