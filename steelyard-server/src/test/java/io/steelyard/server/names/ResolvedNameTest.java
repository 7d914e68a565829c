package io.steelyard.server.names;

import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.model.Address;
import io.steelyard.model.EndpointSpec;
import io.steelyard.model.Resolution;
import io.steelyard.net.names.Found;
import io.steelyard.net.names.Found.Place;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ResolvedNameTest {
  private static final long SECOND = 1_000_000_000L;
  private static final Resolution RULES =
      new Resolution(
          List.of(),
          Resolution.Family.ALL,
          Duration.ofSeconds(2),
          Duration.ofSeconds(60),
          Duration.ofSeconds(1),
          Duration.ofSeconds(30));
  private static final EndpointSpec ENTRY =
      EndpointSpec.of(Address.parse("app.test:80"), 5).withZone("b");

  private static Found found(long ttl, String... hosts) {
    return new Found(Stream.of(hosts).map(host -> new Place(host, 0, 0, 0)).toList(), ttl);
  }

  private static List<String> addresses(ResolvedName name) {
    return name.endpoints().stream().map(endpoint -> endpoint.address().toString()).toList();
  }

  @Test
  void standsForItselfUntilItLeadsSomewhere() {
    var name = new ResolvedName(ENTRY, RULES);
    assertThat(name.isMissing()).isTrue();
    assertThat(name.endpoints()).containsExactly(ENTRY);
    assertThat(name.failed("no such name", 0)).isFalse();
    assertThat(name.failure()).isEqualTo("no such name");
    assertThat(name.found(found(10, "10.0.0.2", "10.0.0.1", "2001:db8::1"))).isTrue();
    assertThat(name.failure()).isNull();
    assertThat(addresses(name)).containsExactly("10.0.0.1:80", "10.0.0.2:80", "[2001:db8::1]:80");
    var first = name.endpoints().getFirst();
    assertThat(first).isEqualTo(ENTRY.withAddress(first.address()).withHost("app.test"));
  }

  @Test
  void anotherOrderIsNoChange() {
    var name = new ResolvedName(ENTRY, RULES);
    name.found(found(10, "10.0.0.1", "10.0.0.2"));
    assertThat(name.found(found(10, "10.0.0.2", "10.0.0.1"))).isFalse();
    assertThat(name.found(found(10, "10.0.0.2"))).isTrue();
  }

  @Test
  void isAskedAgainWithinItsBounds() {
    var name = new ResolvedName(ENTRY, RULES);
    name.found(found(10, "10.0.0.1"));
    assertThat(name.waitNanos()).isEqualTo(10 * SECOND);
    name.found(found(0, "10.0.0.1"));
    assertThat(name.waitNanos()).isEqualTo(2 * SECOND);
    name.found(found(Integer.MAX_VALUE, "10.0.0.1"));
    assertThat(name.waitNanos()).isEqualTo(60 * SECOND);
    name.failed("no answer", 0);
    assertThat(name.waitNanos()).isEqualTo(2 * SECOND);
  }

  @Test
  void theLastAnswerIsKeptForAWhile() {
    var name = new ResolvedName(ENTRY, RULES);
    name.found(found(10, "10.0.0.1"));
    assertThat(name.failed("no answer", 100 * SECOND)).isFalse();
    assertThat(name.failed("no answer", 129 * SECOND)).isFalse();
    assertThat(addresses(name)).containsExactly("10.0.0.1:80");
    assertThat(name.failed("no such name", 130 * SECOND)).isTrue();
    assertThat(name.isMissing()).isTrue();
    assertThat(name.failed("no such name", 140 * SECOND)).isFalse();
    assertThat(name.found(found(10, "10.0.0.1"))).isTrue();
    assertThat(name.isMissing()).isFalse();
  }

  @Test
  void theTimeToKeepBeginsAnewAfterAnAnswer() {
    var name = new ResolvedName(ENTRY, RULES);
    name.found(found(10, "10.0.0.1"));
    name.failed("no answer", 0);
    name.found(found(10, "10.0.0.1"));
    assertThat(name.failed("no answer", 40 * SECOND)).isFalse();
  }

  @Test
  void servicesBringPortsWeightsAndPriorities() {
    var name =
        new ResolvedName(
            EndpointSpec.of(new Address("app.test", 0)).withService("_http._tcp").withPriority(1),
            RULES);
    assertThat(name.name()).isEqualTo("_http._tcp.app.test");
    name.found(
        new Found(
            List.of(
                new Place("10.0.0.1", 8001, 10, 0),
                new Place("10.0.0.2", 8002, 10, 7),
                new Place("10.0.0.3", 8003, 500, 2)),
            10));
    assertThat(addresses(name)).containsExactly("10.0.0.1:8001", "10.0.0.2:8002", "10.0.0.3:8003");
    assertThat(name.endpoints()).extracting(EndpointSpec::weight).containsExactly(1, 7, 2);
    assertThat(name.endpoints()).extracting(EndpointSpec::priority).containsExactly(1, 1, 2);
  }
}
