package io.steelyard.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.balance.balancer.Balancers;
import io.steelyard.model.BalancerSpec;
import io.steelyard.model.Protocol;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Which balancers go with which protocol. */
class KnownBalancersTest {
  private static final Balancers STANDARD = Balancers.standard();
  private static final KnownBalancers KNOWN = new KnownBalancers(STANDARD);

  private static Set<String> unfit(Protocol protocol) {
    var unfit = new TreeSet<String>();
    for (var name : STANDARD.names()) {
      if (KNOWN.missing(BalancerSpec.of(name), protocol) != null) {
        unfit.add(name);
      }
    }
    return unfit;
  }

  @Test
  void everyBalancerThatNeedsNothingOfARequestGoesWithTcp() {
    assertThat(unfit(Protocol.TCP))
        .contains("uri-hash", "parameter-hash", "header-hash", "cookie-hash")
        .doesNotContain("round-robin", "least-connections", "source-hash", "destination-hash");
    assertThat(unfit(Protocol.HTTP))
        .doesNotContain("uri-hash", "parameter-hash", "header-hash", "cookie-hash", "source-hash");
  }

  @Test
  void whatIsMissingIsSaid() {
    assertThat(KNOWN.missing(BalancerSpec.of("uri-hash"), Protocol.TCP))
        .isEqualTo("the URI of a request");
    assertThat(KNOWN.missing(new BalancerSpec("maglev", Map.of("key", "cookie")), Protocol.TCP))
        .isEqualTo("a cookie of a request");
    assertThat(
            KNOWN.missing(
                new BalancerSpec("maglev", Map.of("key", "source-address")), Protocol.TCP))
        .isNull();
  }

  @Test
  void anUnknownBalancerIsComplainedAboutElsewhere() {
    assertThat(KNOWN.missing(BalancerSpec.of("nobody"), Protocol.TCP)).isNull();
  }
}
