package io.steelyard.packet.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.steelyard.packet.bpf.NeedsRoot;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Routes, neighbours and addresses of the machine that the tests run on; needs root. */
@NeedsRoot
class KernelTest {
  private final InterfaceAddresses addresses = new InterfaceAddresses();

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void thisMachineIsLocal(String address) throws IOException {
    assertThat(new KernelNextHops().find(InetAddress.getByName(address)))
        .isEqualTo(new NextHop.Local());
  }

  @ParameterizedTest
  @ValueSource(strings = {"192.0.2.213", "2001:db8::213"})
  void addressesComeAndGo(String text) throws IOException {
    var address = InetAddress.getByName(text);
    assertThat(addresses.add("lo", address)).isTrue();
    try {
      assertThat(addresses.add("lo", address)).as("again").isFalse();
      assertThat(NetworkInterface.getByName("lo").inetAddresses()).contains(address);
      // IPv6's route to it is the work of another thread of the kernel's.
      await().until(() -> new KernelNextHops().find(address).equals(new NextHop.Local()));
    } finally {
      assertThat(addresses.remove("lo", address)).isTrue();
    }
    assertThat(addresses.remove("lo", address)).as("again").isFalse();
  }

  @Test
  void missingInterfacesAreNamed() throws IOException {
    var address = InetAddress.getByName("192.0.2.213");
    assertThatThrownBy(() -> addresses.add("no-such-0", address))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("there is no interface no-such-0");
  }

  @Test
  void numbersOfSystemCallsAreThoseOfTheArchitecture() {
    assertThat(Architecture.of("amd64")).isEqualTo(Architecture.X86_64);
    assertThat(Architecture.of("aarch64").bpf).isEqualTo(280);
    assertThatThrownBy(() -> Architecture.of("s390x")).hasMessageContaining("s390x");
  }

  @Test
  void loopbackHasNobodyToTell() {
    var announcer = new Announcer();
    assertThat(announcer.announce("lo", InetAddress.ofLiteral("192.0.2.1"))).isFalse();
    assertThatThrownBy(() -> announcer.announce("no-such-0", InetAddress.ofLiteral("192.0.2.1")))
        .hasMessage("there is no interface no-such-0");
  }
}
