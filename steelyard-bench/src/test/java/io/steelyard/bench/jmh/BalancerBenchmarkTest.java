package io.steelyard.bench.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.balance.balancer.Balancers;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Param;

class BalancerBenchmarkTest {
  @Test
  void measuresEveryBalancerThereIs() throws Exception {
    Param balancers = BalancerBenchmark.class.getField("balancer").getAnnotation(Param.class);

    assertThat(balancers).isNotNull();
    assertThat(balancers.value()).containsExactlyInAnyOrderElementsOf(Balancers.standard().names());
  }
}
