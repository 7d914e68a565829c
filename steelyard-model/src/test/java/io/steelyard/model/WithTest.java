package io.steelyard.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Copies with one component changed: that one, and no other. */
class WithTest {
  private static final Address ADDRESS = new Address("127.0.0.1", 80);

  static List<Record> sections() {
    return List.of(
        Configuration.of(Map.of(), Map.of()),
        Listener.http(ADDRESS, "site"),
        Pool.of(BalancerSpec.of("random"), List.of(EndpointSpec.of(ADDRESS))),
        EndpointSpec.of(ADDRESS),
        Simulation.defaults(),
        Limits.defaults(),
        Retries.defaults());
  }

  @ParameterizedTest
  @MethodSource("sections")
  void changesTheComponentThatItNames(Record section) throws Exception {
    List<Method> copiers =
        Arrays.stream(section.getClass().getMethods())
            .filter(m -> m.getName().startsWith("with") && m.getParameterCount() == 1)
            .toList();
    assertThat(copiers).isNotEmpty();
    for (Method copier : copiers) {
      changes(section, copier);
    }
  }

  private static void changes(Record section, Method copier) throws Exception {
    String name =
        copier.getName().substring(4, 5).toLowerCase(Locale.ROOT) + copier.getName().substring(5);
    Method component = section.getClass().getMethod(name);
    Object other = other(component.invoke(section));
    Object copy = copier.invoke(section, other);
    assertThat(component.invoke(copy)).as("%s", copier).isEqualTo(other);
    Object back = copier.invoke(copy, component.invoke(section));
    if (!name.equals("packet")) { // a listener's changes its protocol, too
      assertThat(back).as("%s", copier).isEqualTo(section);
    }
  }

  /** Another value where one is easily made. */
  private static @Nullable Object other(@Nullable Object value) {
    return switch (value) {
      case Integer number -> number + 1;
      case String text -> text + "x";
      case null, default -> value;
    };
  }

  @Test
  void aPacketListenerSpeaksPackets() {
    PacketServiceSpec packet = PacketServiceSpec.of(PacketServiceSpec.Mode.DR);
    Listener listener = Listener.udp(ADDRESS, "dns").withPacket(packet);
    assertThat(listener.protocol()).isEqualTo(Protocol.PACKET);
    assertThat(listener.packet()).isEqualTo(packet);
  }

  @Test
  void timesAndThresholdsOfProbes() {
    HealthSpec health =
        HealthSpec.of(Shape.of(TcpProbeSpec.class).defaults())
            .withTimes(Duration.ofSeconds(3), Duration.ofSeconds(2))
            .withThresholds(5, 7);
    assertThat(health.interval()).hasSeconds(3);
    assertThat(health.timeout()).hasSeconds(2);
    assertThat(health.fastInterval()).isNull();
    assertThat(health.rise()).isEqualTo(5);
    assertThat(health.fall()).isEqualTo(7);
  }
}
