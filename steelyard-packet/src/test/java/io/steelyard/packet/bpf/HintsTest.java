package io.steelyard.packet.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.packet.linux.Errno;
import org.junit.jupiter.api.Test;

class HintsTest {
  private static final long BPF = 1L << 39;
  private static final long NET_ADMIN = 1L << 12;
  private static final long SYS_ADMIN = 1L << 21;

  @Test
  void missingCapabilitiesAreNamed() {
    assertThat(Hints.missing(0)).startsWith("CAP_BPF is missing, CAP_NET_ADMIN is missing");
    assertThat(Hints.missing(BPF)).startsWith("CAP_NET_ADMIN is missing");
    assertThat(Hints.missing(NET_ADMIN)).startsWith("CAP_BPF is missing;");
    assertThat(Hints.missing(SYS_ADMIN | NET_ADMIN)).contains("a security module");
  }

  @Test
  void aDriverWithoutNativeModeIsToldFromAKernelWithoutLinks() {
    assertThat(Hints.forAttach(ProgramKind.XDP, XdpMode.NATIVE, 95))
        .isEqualTo(
            "the driver has no native XDP; generic mode works with every driver, and is slower");
    assertThat(Hints.forAttach(ProgramKind.XDP, XdpMode.NATIVE, 22)).contains("need Linux 5.9");
    assertThat(Hints.forAttach(ProgramKind.TCX_INGRESS, XdpMode.NATIVE, 22))
        .contains("need Linux 6.6");
    assertThat(Hints.forAttach(ProgramKind.XDP, XdpMode.NATIVE, 16))
        .contains("another program is attached");
  }

  @Test
  void unknownErrorsKeepTheirNumber() {
    assertThat(Errno.describe(12345)).isEqualTo("errno 12345");
    assertThat(Errno.describe(1)).isEqualTo("EPERM, operation not permitted");
  }
}
