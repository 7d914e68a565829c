package io.steelyard.packet.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
  @TempDir private Path root;

  private void set(String setting, int value) throws IOException {
    var file = root.resolve("net/ipv4/conf").resolve(setting);
    Files.createDirectories(file.getParent());
    Files.writeString(file, value + "\n");
  }

  @Test
  void nothingIsMissingWhereAllIsWell() throws IOException {
    set("all/arp_ignore", 1);
    set("all/arp_announce", 2);
    set("all/rp_filter", 0);
    set("eth0/rp_filter", 2);
    assertThat(new Settings(root).missingAtEndpoint("eth0")).isEmpty();
    assertThat(new Settings(root).missingAtBalancer("eth0")).isEmpty();
  }

  @Test
  void whatIsMissingIsSaidAsACommand() throws IOException {
    set("all/arp_ignore", 0);
    set("all/arp_announce", 0);
    set("all/rp_filter", 1);
    set("eth0.5/rp_filter", 1);
    assertThat(new Settings(root).missingAtEndpoint("eth0.5"))
        .containsExactly(
            "sysctl -w net.ipv4.conf.all.arp_ignore=1",
            "sysctl -w net.ipv4.conf.all.arp_announce=2",
            "sysctl -w net.ipv4.conf.all.rp_filter=2",
            "sysctl -w net.ipv4.conf.eth0/5.rp_filter=2");
  }
}
