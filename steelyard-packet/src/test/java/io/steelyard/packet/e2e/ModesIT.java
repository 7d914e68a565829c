package io.steelyard.packet.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.packet.bpf.NeedsRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each mode with TCP and UDP, IPv4 and IPv6, by curl and by datagrams of bash. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@NeedsRoot
class ModesIT {
  private static final int IPERF = 5201;
  private static final List<String> MODES = List.of("nat", "dr", "tun", "gue", "fullnat");

  private Lab lab;

  record Case(String mode, boolean v4) {
    String vip() {
      return (v4 ? "10.99.0." : "fd99::") + (MODES.indexOf(mode) + 1);
    }

    String host() {
      return v4 ? vip() : "[" + vip() + "]";
    }

    boolean translates() {
      return mode.endsWith("nat");
    }

    String service(String transport) {
      return transport + " " + vip() + " 80 " + mode;
    }

    String endpoints(int first, int second) {
      var address = v4 ? "10.20.0.2" : "fd20::2";
      int port = translates() ? 8080 : 80;
      return address + "1@" + port + "=" + first + " " + address + "2@" + port + "=" + second;
    }

    /** Each its own: iperf3 answers datagrams with the address that it is bound to. */
    int iperfPort() {
      return IPERF + 2 * MODES.indexOf(mode) + (v4 ? 0 : 1);
    }

    String firstEndpoint() {
      return v4 ? "10.20.0.21" : "fd20::21";
    }

    String iperfAddress() {
      return translates() ? firstEndpoint() : vip();
    }

    /** iperf3's connections belong together, so there is one endpoint only. */
    String iperf(String transport) {
      int port = iperfPort();
      return "%s %s %d %s %s@%d=1".formatted(transport, vip(), port, mode, firstEndpoint(), port);
    }

    /** FullNAT's endpoints see the director; the others see who it is. */
    String seen() {
      if (mode.equals("fullnat")) {
        return v4 ? "10.20.0.20[01]" : "fd20:0:0:0:0:0:0:20[01]";
      }
      return v4 ? "10.30.0.2" : "fd30:0:0:0:0:0:0:2";
    }

    @Override
    public String toString() {
      return mode + (v4 ? " IPv4" : " IPv6");
    }
  }

  static Stream<Case> cases() {
    return MODES.stream().flatMap(mode -> Stream.of(new Case(mode, true), new Case(mode, false)));
  }

  @BeforeAll
  void start() {
    lab = new Lab();
    cases()
        .forEach(each -> {
          var port = String.valueOf(each.iperfPort());
          lab.startAtEndpoint(1, "iperf3", "-s", "-B", each.iperfAddress(), "-p", port);
          for (var transport : List.of("TCP", "UDP")) {
            lab.director().ask("serve " + each.service(transport) + " " + each.endpoints(1, 1));
            lab.director().ask("serve " + each.iperf(transport));
          }
        });
  }

  @AfterAll
  void stop() {
    lab.close();
  }

  private String curl(String... arguments) {
    return lab.client(
        Stream.concat(Stream.of("curl", "-sS", "-m", "40"), Stream.of(arguments))
            .toArray(String[]::new));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void tcpReachesBothEndpointsWhichSeeTheClient(Case each) {
    var answers = new HashSet<String>();
    for (int i = 0; i < 24; i++) {
      answers.add(curl("http://" + each.host() + "/who"));
    }
    assertThat(answers).allMatch(answer -> answer.matches("endpoint[12] sees " + each.seen()));
    assertThat(answers.toString()).contains("endpoint1", "endpoint2");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void udpReachesBothEndpointsWhichSeeTheClient(Case each) {
    var answers = new HashSet<String>();
    for (int i = 0; i < 24; i++) {
      var script = "exec 3<>/dev/udp/" + each.vip() + "/80; echo hi >&3; timeout 5 head -n 1 <&3";
      answers.add(lab.client("bash", "-c", script).strip());
    }
    assertThat(answers).allMatch(answer -> answer.matches("endpoint[12] sees " + each.seen()));
    assertThat(answers.toString()).contains("endpoint1", "endpoint2");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void twentyMegabytesArriveWholeBothWays(Case each, @TempDir Path directory) throws IOException {
    var sent = Files.write(directory.resolve("sent"), Lab.content());
    var received = directory.resolve("received");
    curl("-o", received.toString(), "http://" + each.host() + "/bytes");
    assertThat(Files.mismatch(received, sent)).isEqualTo(-1);
    assertThat(curl("-T", sent.toString(), "http://" + each.host() + "/sum"))
        .isEqualTo(EndpointProgram.sha256(Files.newInputStream(sent)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void questionsByDigAreAnswered(Case each) {
    var answer =
        lab.client(
            "dig", "@" + each.vip(), "-p", "80", "+noedns", "+short", "+time=5", "who.lab", "TXT");
    assertThat(answer.strip()).matches("\"endpoint[12] sees " + each.seen() + "\"");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void iperf3FillsTheWireByTcpAndUdpBothWays(Case each) {
    var port = String.valueOf(each.iperfPort());
    // The first time its server may still be starting.
    Awaitility.await()
        .atMost(30, TimeUnit.SECONDS)
        .untilAsserted(() ->
            assertThat(lab.client("iperf3", "-c", each.vip(), "-p", port, "-n", "4M"))
                .containsPattern("[4-9][.][0-9]+ MBytes .* receiver"));
    assertThat(lab.client("iperf3", "-c", each.vip(), "-p", port, "-n", "4M", "-R"))
        .containsPattern("MBytes .* receiver");
    var udp =
        lab.client(
            "iperf3", "-c", each.vip(), "-p", port, "-u", "-b", "40M", "-l", "1000", "-n", "500K");
    assertThat(udp)
        .containsPattern("[0-9]/[0-9]+ \\([0-9.e-]+%\\)  receiver")
        .doesNotContain("(100%)");
  }

  /** The answers of DR and TUN never pass the director (L4-07, L4-08, L4-25). */
  @Test
  void answersPassTheDirectorInNatOnly() {
    cases()
        .forEach(each -> {
          curl("http://" + each.host() + "/who");
          var counters = lab.director().ask("counters " + each.service("TCP"));
          if (each.translates()) {
            assertThat(counters).doesNotContain("answers=0 ");
          } else {
            assertThat(counters).contains("answers=0 ");
          }
        });
  }
}
