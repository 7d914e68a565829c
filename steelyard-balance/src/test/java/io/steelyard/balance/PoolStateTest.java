package io.steelyard.balance;

import static io.steelyard.balance.Fixtures.endpoints;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.steelyard.model.Address;
import io.steelyard.model.EndpointSpec;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PoolStateTest {
  private static final Address A = Address.parse("10.0.0.1:80");
  private static final Address B = Address.parse("10.0.0.2:80");

  private final PoolState pool = new PoolState("site");

  @Test
  void describesEndpointsInTheirOrder() {
    var endpoints = pool.endpoints(List.of(EndpointSpec.of(B, 3), EndpointSpec.of(A, 0)));

    assertThat(endpoints).extracting(Endpoint::name).containsExactly("10.0.0.2:80", "10.0.0.1:80");
    assertThat(endpoints).extracting(Endpoint::index).containsExactly(0, 1);
    assertThat(endpoints).extracting(Endpoint::weight).containsExactly(3, 0);
    assertThat(endpoints.getFirst().pool()).isEqualTo("site");
    assertThat(endpoints.getFirst().address()).isEqualTo(B);
    assertThat(endpoints.getFirst()).hasToString("site/10.0.0.2:80");
  }

  @Test
  void stateOutlivesTheConfiguration() {
    var before = pool.endpoints(List.of(EndpointSpec.of(A, 1), EndpointSpec.of(B, 1)));
    var after = pool.endpoints(List.of(EndpointSpec.of(B, 7)));

    assertThat(after.getFirst().state()).isSameAs(before.getLast().state());
  }

  @Test
  void forgetsWhatIsNoLongerConfigured() {
    var a = pool.endpoint(A);
    var b = pool.endpoint(B);

    pool.retain(Set.of(B));

    assertThat(pool.endpoint(B)).isSameAs(b);
    assertThat(pool.endpoint(A)).isNotSameAs(a);
  }

  @Test
  void keepsAnEndpointWhileItHasLeases() {
    var a = pool.endpoint(A);
    a.opened();
    pool.retain(Set.of());
    assertThat(pool.endpoint(A)).isSameAs(a);

    a.closed(Outcome.SUCCESS, 1);
    pool.retain(Set.of());
    assertThat(pool.endpoint(A)).isNotSameAs(a);
  }

  @Test
  void refusesANegativeWeight() {
    assertThatThrownBy(() -> endpoints(1, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("weight");
  }
}
