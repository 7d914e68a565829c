package io.steelyard.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.Test;

class PacketRunTest {
  @Test
  void ratiosAreThoseOfEachRoundToWhoDoesTheSame() {
    var samples = new LinkedHashMap<PacketSite, List<PacketRun.Sample>>();
    samples.put(
        PacketSite.NFT_DNAT,
        List.of(
            new PacketRun.Sample(1000, 50, 10, List.of()),
            new PacketRun.Sample(2000, 60, 20, List.of())));
    samples.put(
        PacketSite.NAT,
        List.of(
            new PacketRun.Sample(1500, 50, 20, List.of()),
            new PacketRun.Sample(2000, 90, 20, List.of("3 timeouts"))));
    assertThat(PacketRun.table(samples))
        .contains(
            "| nft dnat | 1,500 | 1.00 (1.00–1.00) | 55 | 1.00 (1.00–1.00) | 15 | 1.00 (1.00–1.00) |",
            "| steelyard nat | 1,750 | 1.25 (1.00–1.50) | 70 | 1.25 (1.00–1.50) | 20 | 1.50 (1.00–2.00) |",
            "3 timeouts");
  }

  @Test
  void whatIperfSaysThatCame() {
    assertThat(
            PacketRun.megabits(
                """
                [ ID] Interval           Transfer     Bitrate         Retr
                [  5]   0.00-4.00   sec  1.20 GBytes  2577 Mbits/sec    0             sender
                [  5]   0.00-4.00   sec  1.19 GBytes  2571 Mbits/sec                  receiver
                """))
        .isEqualTo(2571);
    assertThatThrownBy(() -> PacketRun.megabits("iperf3: error - unable to connect"))
        .hasMessageContaining("unable to connect");
  }

  @Test
  void bothHaveTheSameToDo() {
    assertThat(PacketSite.rules())
        .contains("ip daddr 10.99.0.3 tcp dport 80 dnat to 10.20.0.21:8080")
        .contains("ct original ip daddr 10.99.0.4 masquerade");
    assertThat(PacketSite.configuration())
        .contains("fullnat-bulk: { address: \"10.99.0.2:5201\", protocol: packet, pool: bulk, ")
        .contains("endpoints: [\"10.20.0.21:8080\"]");
  }
}
