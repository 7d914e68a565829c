package io.steelyard.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {
  @ParameterizedTest
  @CsvSource({
    "10.0.0.1:80, 10.0.0.1, 80",
    "[::1]:443, ::1, 443",
    "app.internal:8080, app.internal, 8080",
    "localhost:0, localhost, 0",
    "a_b-c.d:65535, a_b-c.d, 65535",
    "[fe80::1%eth0]:9, fe80::1%eth0, 9",
  })
  void parsesAndRoundTrips(String text, String host, int port) {
    var address = Address.parse(text);
    assertThat(address).isEqualTo(new Address(host, port));
    assertThat(address).hasToString(text);
  }

  @Test
  void emptyHostIsEveryAddress() {
    assertThat(Address.parse(":80")).isEqualTo(new Address("", 80)).hasToString(":80");
    assertThat(Address.parse(":80").isWildcard()).isTrue();
    assertThat(Address.parse("0.0.0.0:80").isWildcard()).isTrue();
    assertThat(Address.parse("[::]:80").isWildcard()).isTrue();
    assertThat(Address.parse("[::1]:80").isWildcard()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "[0:0:0:0:0:0:0:1]:80, [::1]:80",
    "[2001:DB8::0:1]:80, [2001:db8::1]:80",
    "[2001:db8:0:0:1:0:0:1]:80, [2001:db8::1:0:0:1]:80",
    "[1:0:2:0:3:0:4:0]:80, [1:0:2:0:3:0:4:0]:80",
    "[1:2:3:4:5:6:0:0]:80, [1:2:3:4:5:6::]:80",
    "[::ffff:1.2.3.4]:80, 1.2.3.4:80",
    "[0::]:80, [::]:80",
    "App.Internal:80, app.internal:80",
  })
  void equalAddressesAreWrittenAlike(String text, String canonical) {
    assertThat(Address.parse(text)).isEqualTo(Address.parse(canonical)).hasToString(canonical);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":",
        "a",
        "a:",
        "a:b",
        "a:-1",
        "a:+1",
        "a:65536",
        "a:999999",
        "a:1 ",
        " a:1",
        "::1:80",
        "[::1]",
        "[::1]80",
        "[::1:80",
        "[1.2.3.4]:80",
        "[]:80",
        "[g::]:80",
        "[::1%]x:80",
        "1.2.3:80",
        "1.2.3.256:80",
        "1.2.3.4.:80",
        "01.2.3.4:80",
        "-a:80",
        "a..b:80",
        "a b:80",
        "a\n:80",
        "http://a:80",
        "a/b:80",
        "*:80",
        "ä:80",
        "a:١"
      })
  void refusesWhatIsNoAddress(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Address.parse(text))
        .withMessageMatching("(?s).+");
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.1:6000-6009, 10.0.0.1, 6000, 10",
    "[::1]:1-65535, ::1, 1, 65535",
    ":80-81, '', 80, 2",
    "a-b.c-d:80, a-b.c-d, 80, 1",
    "a-b:80-80, a-b, 80, 1",
    "unix:/run/app.sock, /run/app.sock, 0, 1",
    "unix:/a:80, /a:80, 0, 1"
  })
  void readsRangesAndUnixSockets(String text, String host, int port, int ports) {
    var address = Address.parseSockets(text);
    assertThat(address.host()).isEqualTo(host);
    assertThat(address.port()).isEqualTo(port);
    assertThat(address.ports()).isEqualTo(ports);
    assertThat(address.isUnix()).isEqualTo(host.startsWith("/"));
    assertThat(Address.parseSockets(address.toString())).isEqualTo(address);
    assertThat(text).matches(Address.SOCKETS_SYNTAX);
    if (address.isUnix() || ports > 1) {
      assertThatIllegalArgumentException().isThrownBy(() -> Address.parse(text));
      assertThat(text).doesNotMatch(Address.SYNTAX);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a:80-",
        "a:80-79",
        "a:0-5",
        "a:80-70000",
        "a:-80",
        "unix:",
        "unix:a",
        "unix:/a/",
        "unix:@a"
      })
  void refusesWhatIsNoRangeAndNoSocket(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Address.parseSockets(text))
        .withMessageMatching("(?s).+expected.+");
  }

  @Test
  void aPathThatTheKernelWouldCutIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Address.parseSockets("unix:/" + "x".repeat(100)))
        .withMessageContaining("101 bytes, expected 100 at most");
  }

  @Test
  void messagesSayWhatWasExpected() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Address.parse("web"))
        .withMessage(
            "'web' has no port, expected HOST:PORT such as 10.0.0.1:80, \"[::1]:80\" or app.internal:80, or :PORT");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Address.parse("a:70000"))
        .withMessage("port 70000 is out of range, expected 0 to 65535");
  }
}
