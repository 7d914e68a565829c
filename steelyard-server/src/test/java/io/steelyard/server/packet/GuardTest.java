package io.steelyard.server.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.steelyard.model.Cidr;
import io.steelyard.model.PacketProtection;
import io.steelyard.packet.AccessRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuardTest {
  @TempDir private Path directory = Path.of("");

  private static AccessRule deny(String network) {
    return new AccessRule(Cidr.parse(network), false);
  }

  private static AccessRule allow(String network) {
    return new AccessRule(Cidr.parse(network), true);
  }

  private Path file(String content) throws IOException {
    return Files.writeString(directory.resolve("networks"), content);
  }

  @Test
  void readsNetworksAndComments() throws IOException {
    var file =
        new AccessFile(file("# all\n\n10.0.0.0/8\n deny\t192.0.2.7  # one\nallow 2001:db8::/32\n"));
    assertThat(file.hasChanged()).isTrue();
    assertThat(file.read())
        .containsExactly(deny("10.0.0.0/8"), deny("192.0.2.7"), allow("2001:db8::/32"));
    assertThat(file.hasChanged()).isFalse();
  }

  @Test
  void saysWhichLineIsNotUnderstood() throws IOException {
    var path = file("10.0.0.0/8\n10.0.0.1/8\n");
    assertThatThrownBy(new AccessFile(path)::read)
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(path + ":2:1: '10.0.0.1/8' has bits beyond its prefix");
    assertThatThrownBy(new AccessFile(file("reject 10.0.0.0/8"))::read)
        .hasMessageEndingWith(
            ":1:1: 'reject 10.0.0.0/8' is not understood, expected deny or allow and a network");
    assertThatThrownBy(new AccessFile(file("# all\n  deny  10.0.0.0/33 # no"))::read)
        .hasMessageContaining(":2:9: '10.0.0.0/33' has a prefix of 33 bits");
  }

  @Test
  void noticesAnotherFileAndNoFile() throws IOException {
    var path = file("10.0.0.0/8\n");
    var file = new AccessFile(path);
    assertThat(file.read()).hasSize(1);
    Files.move(
        Files.writeString(directory.resolve("other"), "10.1.0.0/16\n11.0.0.0/8\n"),
        path,
        StandardCopyOption.REPLACE_EXISTING);
    assertThat(file.hasChanged()).isTrue();
    assertThat(file.read()).hasSize(2);
    Files.delete(path);
    assertThat(file.hasChanged()).isTrue();
  }

  @Test
  void theConfigurationCountsMoreThanTheFile() throws IOException {
    var path = file("deny 10.0.0.0/8\nallow 10.7.0.0/16\n");
    var guard =
        new Guard(
            new PacketProtection(
                List.of(Cidr.parse("10.7.0.0/16")),
                List.of(Cidr.parse("10.7.7.0/24")),
                path.toString(),
                List.of(),
                null,
                null,
                null));
    assertThat(guard.rules())
        .containsExactly(
            deny("10.0.0.0/8"), allow("10.7.0.0/16"), deny("10.7.0.0/16"), allow("10.7.7.0/24"));
    Files.delete(path);
    assertThatThrownBy(guard::rules).hasMessage("there is no file " + path);
  }
}
