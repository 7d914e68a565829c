package io.steelyard.codec.ftp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The addresses that FTP speaks of. */
class DataAddressTest {
  private static InetSocketAddress address(String host, int port) {
    return new InetSocketAddress(InetAddress.ofLiteral(host), port);
  }

  @Test
  void port() {
    assertThat(DataAddress.port(" 10,0,0,1,200,1 ")).isEqualTo(address("10.0.0.1", 51201));
    assertThat(DataAddress.command(address("10.0.0.1", 51201)))
        .isEqualTo("PORT 10,0,0,1,200,1\r\n");
  }

  @ParameterizedTest
  @CsvSource({
    "|1|132.235.1.2|6275|, 132.235.1.2, 6275",
    "!2!1080::8:800:200C:417A!5282!, 1080::8:800:200c:417a, 5282"
  })
  void extendedPort(String argument, String host, int port) {
    assertThat(DataAddress.extendedPort(argument)).isEqualTo(address(host, port));
  }

  @Test
  void anAddressOfSixGoesByTheExtendedCommand() {
    String command = DataAddress.command(address("fd00::1", 5282));
    assertThat(command).startsWith("EPRT |2|").endsWith("|5282|\r\n");
    assertThat(DataAddress.extendedPort(command.strip().substring(5)))
        .isEqualTo(address("fd00::1", 5282));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "227 Entering Passive Mode (10,0,0,1,200,1).",
        "227 Entering Passive Mode. 10,0,0,1,200,1",
        "227 =10,0,0,1,200,1"
      })
  void passive(String line) {
    assertThat(DataAddress.passive(line)).isEqualTo(address("10.0.0.1", 51201));
  }

  @Test
  void extendedPassive() {
    assertThat(DataAddress.extendedPassive("229 Entering Extended Passive Mode (|||6446|)"))
        .isEqualTo(6446);
    assertThat(DataAddress.extendedPassive(DataAddress.extendedPassiveAnswer(7))).isEqualTo(7);
    assertThat(
            DataAddress.passive(DataAddress.passiveAnswer(InetAddress.ofLiteral("1.2.3.4"), 258)))
        .isEqualTo(address("1.2.3.4", 258));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1,2,3,4,5",
        "1,2,3,4,5,256",
        "1,2,3,4,0,0",
        "1,2,3,4,5,6,7",
        "a,2,3,4,5,6",
        "1 2 3 4 5 6"
      })
  void whatIsNoPort(String argument) {
    assertThat(DataAddress.port(argument)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "|1|10.0.0.1|0|",
        "|1|10.0.0.1|65536|",
        "|2|10.0.0.1|5|",
        "|1|fd00::1|5|",
        "|3|10.0.0.1|5|",
        "|1|10.0.0.1|5",
        "|1|10.0.0.300|5|",
        "|1|a.b|5|",
        "|1|10.0.0.1!5|"
      })
  void whatIsNoExtendedPort(String argument) {
    assertThat(DataAddress.extendedPort(argument)).isNull();
  }

  @Test
  void whateverComesNothingIsThrown() {
    SplittableRandom random = new SplittableRandom(4);
    String letters = "0123456789,,,,||()!:.fd 229";
    int found = 0;
    for (int i = 0; i < 200_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int j = random.nextInt(30); j > 0; j--) {
        text.append(letters.charAt(random.nextInt(letters.length())));
      }
      String line = text.toString();
      found += DataAddress.port(line) == null ? 0 : 1;
      found += DataAddress.extendedPort(line) == null ? 0 : 1;
      found += DataAddress.passive(line) == null ? 0 : 1;
      found += DataAddress.extendedPassive(line) < 0 ? 0 : 1;
    }
    assertThat(found).isPositive();
  }
}
