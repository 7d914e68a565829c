package io.steelyard.health.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.model.Address;
import io.steelyard.model.IcmpProbeSpec;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IcmpProbeTest {
  /** Where the machine forbids pings, the result has to say so, and there is no more to see. */
  private static final String FORBIDDEN = "failed L3 pings are forbidden: ";

  @ParameterizedTest
  @CsvSource({"127.0.0.1, 56", "127.0.0.9, 0", "127.0.0.1, 1400", "::1, 57"})
  void pingsThisMachine(String host, int size) throws Exception {
    var result = Run.once(new IcmpProbeSpec(size), ProbeTarget.of(new Address(host, 1)));
    var address = host.equals("::1") ? "0:0:0:0:0:0:0:1" : host;
    assertThat(result)
        .satisfiesAnyOf(
            r -> assertThat(r).isEqualTo("passed L3 a reply from " + address),
            r -> assertThat(r).startsWith(FORBIDDEN),
            r -> assertThat(host + r).matches("::1failed L3 (no socket|no way|cannot send).*"));
  }

  /** TEST-NET-1 (RFC 5737): nobody is there, or no way leads there. */
  @Test
  void hasNoReplyFromNobody() throws Exception {
    var target = ProbeTarget.of(new Address("192.0.2.77", 1));
    assertThat(Run.quickly(new IcmpProbeSpec(0), target)).startsWith("failed L3 ");
  }

  @Test
  void comesFromItsSource() throws Exception {
    var target = new ProbeTarget(new Address("127.0.0.1", 1), "127.0.0.5");
    assertThat(Run.once(new IcmpProbeSpec(8), target))
        .matches("passed L3 a reply from 127.0.0.1|" + FORBIDDEN + ".*");
  }

  /** The sum over a message with its own checksum is all ones (RFC 1071). */
  @Test
  void checksum() {
    var message = new byte[] {8, 0, 0, 0, 1, 2, 3, 4, (byte) 0xff, (byte) 0xfe, 7};
    ByteBuffer.wrap(message).putShort(2, IcmpProbe.checksum(message));
    assertThat(IcmpProbe.checksum(message)).isZero();
    assertThat(
            IcmpProbe.checksum(
                new byte[] {
                  0, 1, (byte) 0xf2, 3, (byte) 0xf4, (byte) 0xf5, (byte) 0xf6, (byte) 0xf7
                }))
        .isEqualTo((short) 0x220d);
  }
}
