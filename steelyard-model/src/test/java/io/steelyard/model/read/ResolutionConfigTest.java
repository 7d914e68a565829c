package io.steelyard.model.read;

import static io.steelyard.model.read.Reading.LISTENERS;
import static io.steelyard.model.read.Reading.findings;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Names among endpoints, and how they are resolved. */
class ResolutionConfigTest {
  private static String pool(String settings) {
    return LISTENERS + "pools: { site: { " + settings + " } }\n";
  }

  /** The one finding, without its place. */
  private static String finding(String settings) {
    var found = findings(pool(settings));
    assertThat(found).hasSize(1);
    return found.getFirst().replaceFirst("^\\d+:\\d+: ", "");
  }

  @Test
  void goodOnes() {
    assertThat(findings(pool("endpoints: [app.test:80, \"[::1]:80\"]"))).isEmpty();
    assertThat(
            findings(
                pool(
                    "endpoints: [{ address: 'app.test:0', service: _http._tcp }, { address: 'app.test:0', service: _alt._tcp }]")))
        .isEmpty();
    assertThat(
            findings(
                pool(
                    "endpoints: [a:1], resolution: { servers: ['10.0.0.53:53'], family: all, min-ttl: 1s, max-ttl: 1s, keep: 0s }")))
        .isEmpty();
  }

  @Test
  void services() {
    assertThat(finding("endpoints: [{ address: 'app.test:80', service: _http._tcp }]"))
        .isEqualTo(
            "error: pools.site.endpoints[0].address: has the port 80, expected 0: the records of _http._tcp tell the ports");
    assertThat(finding("endpoints: [{ address: '10.0.0.1:0', service: _http._tcp }]"))
        .isEqualTo(
            "error: pools.site.endpoints[0].address: is 10.0.0.1:0, expected the name that offers _http._tcp");
    assertThat(finding("endpoints: [{ address: 'app.test:0', service: http }]"))
        .isEqualTo(
            "error: pools.site.endpoints[0].service: 'http' does not fit, expected a service and a protocol such as _http._tcp");
  }

  @Test
  void resolutions() {
    assertThat(finding("endpoints: [a:1], resolution: { servers: ['dns.test:53'] }"))
        .isEqualTo(
            "error: pools.site.resolution.servers[0]: is dns.test:53, expected an IP address and a port, most often 53");
    assertThat(finding("endpoints: [a:1], resolution: { min-ttl: 10s, max-ttl: 5s }"))
        .isEqualTo(
            "error: pools.site.resolution.max-ttl: is 5s, expected no less than 'min-ttl', which is 10s");
    assertThat(finding("endpoints: [a:1], resolution: { family: ipv5 }"))
        .isEqualTo(
            "error: pools.site.resolution.family: 'ipv5' is not known, expected ipv4-first, ipv6-first or all");
  }
}
