package io.steelyard.model.check;

import io.steelyard.model.Address;
import io.steelyard.model.Durations;
import io.steelyard.model.EndpointSpec;
import io.steelyard.model.KeyPath;
import io.steelyard.model.Pool;
import io.steelyard.model.Resolution;

/** Checks names among a pool's endpoints, and how they are resolved. */
final class ResolutionCheck {
  private final Findings findings;

  ResolutionCheck(Findings findings) {
    this.findings = findings;
  }

  void pool(Pool pool, KeyPath path) {
    for (int i = 0; i < pool.endpoints().size(); i++) {
      service(pool.endpoints().get(i), path.key("endpoints").item(i));
    }
    resolution(pool.resolution(), path.key("resolution"));
  }

  private void service(EndpointSpec endpoint, KeyPath path) {
    if (endpoint.service().isEmpty()) {
      return;
    }
    if (!endpoint.address().isName()) {
      findings.error(
          path.key("address"),
          "is " + endpoint.address() + ", expected the name that offers " + endpoint.service());
    } else if (endpoint.address().port() != 0) {
      findings.error(
          path.key("address"),
          "has the port "
              + endpoint.address().port()
              + ", expected 0: the records of "
              + endpoint.service()
              + " tell the ports");
    }
  }

  private void resolution(Resolution resolution, KeyPath path) {
    for (int i = 0; i < resolution.servers().size(); i++) {
      Address server = resolution.servers().get(i);
      if (server.isName() || server.host().isEmpty() || server.port() == 0) {
        findings.error(
            path.key("servers").item(i),
            "is " + server + ", expected an IP address and a port, most often 53");
      }
    }
    if (resolution.maxTtl().compareTo(resolution.minTtl()) < 0) {
      findings.error(
          path.key("max-ttl"),
          "is "
              + Durations.format(resolution.maxTtl())
              + ", expected no less than 'min-ttl', which is "
              + Durations.format(resolution.minTtl()));
    }
  }
}
