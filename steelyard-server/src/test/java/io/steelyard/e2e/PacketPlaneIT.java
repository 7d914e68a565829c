package io.steelyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Listeners of protocol packet, from the configuration to the wire and back. */
class PacketPlaneIT {
  private static final String NAT = "10.99.0.1";
  private static final String FULLNAT = "10.99.0.2";

  @TempDir private Path directory = Path.of("");

  /** Root's matter; where tests may not be passed over, a failure to be root is one. */
  @BeforeAll
  static void needsRoot() {
    if (System.getenv("STEELYARD_TOOLS_REQUIRED") == null) {
      assumeTrue("root".equals(System.getProperty("user.name")), "needs root");
    }
  }

  private static String configuration(int firstWeight, int secondWeight) {
    return """
    listeners:
      nat:
        address: 10.99.0.1:80
        protocol: packet
        pool: web
        packet: { mode: nat }
      fullnat:
        address: 10.99.0.2:80
        protocol: packet
        pool: web
        packet: { mode: fullnat, scheduler: maglev, local-addresses: [10.20.0.200, 10.20.0.201], client-address: toa }
    pools:
      web:
        endpoints:
          - { address: 10.20.0.21:8080, weight: %d }
          - { address: 10.20.0.22:8080, weight: %d }
        health: { http: { path: /who }, interval: 200ms, timeout: 200ms, rise: 1, fall: 2 }
    """
        .formatted(firstWeight, secondWeight);
  }

  private static Set<String> ask(PacketLab lab, String vip, int times) {
    var answers = new TreeSet<String>();
    for (int i = 0; i < times; i++) {
      answers.add(lab.who(vip));
    }
    return answers;
  }

  @Test
  void servesWhatTheConfigurationSaysAndTakesItAwayAgain() throws Exception {
    try (var lab = PacketLab.start(directory, configuration(1, 3))) {
      assertThat(ask(lab, NAT, 24))
          .containsExactly("endpoint1 sees 10.30.0.2", "endpoint2 sees 10.30.0.2");
      assertThat(ask(lab, FULLNAT, 20)).hasSizeBetween(2, 4).noneMatch(a -> a.contains("10.30"));
      assertThat(lab.ip("-o", "addr", "show", "dev", "eth0"))
          .contains("10.99.0.1/32", "10.99.0.2/32");
      assertThat(lab.ipvs())
          .containsPattern("(?m)^TCP  10.99.0.1:80 wrr$")
          .containsPattern("(?m)^  -> 10.20.0.21:8080 +Masq +1 +0 +\\d+ *$")
          .containsPattern("(?m)^  -> 10.20.0.22:8080 +Masq +3 +0 +\\d+ *$")
          .containsPattern("(?m)^TCP  10.99.0.2:80 mh$")
          .containsPattern("(?m)^  -> 10.20.0.22:8080 +FullNat +3 +0 +\\d+ *$");
      assertThat(lab.admin("/metrics"))
          .contains(
              "steelyard_packet_endpoint_connections_total{endpoint=\"10.20.0.22:8080\",listener=\"nat\",pool=\"web\"} ");
      assertThat(lab.admin("/v1/status")).contains("\"mode\":\"fullnat\"");
      assertThat(lab.steelyard("status", "--packet")).contains("TCP  10.99.0.2:80 mh");
      traceShowsConnections(lab);
      endpointsAreToldTheClient(lab);
      // The director is the endpoints' gateway, and its kernel does not forward.
      assertThat(lab.director().errors()).contains("sysctl -w net.ipv4.ip_forward=1");
      lab.director().terminate();
      assertThat(lab.director().awaitExit()).isZero();
      assertThat(lab.ip("-o", "addr")).doesNotContain("10.99.0.");
      assertThat(lab.ip("-o", "link")).doesNotContain("xdp");
      assertThat(lab.director().errors()).doesNotContain("Exception", "ERROR");
    }
  }

  /** What is on the wire at an endpoint of FullNAT, before anybody there has looked at it. */
  private void endpointsAreToldTheClient(PacketLab lab) throws Exception {
    var script = Files.writeString(directory.resolve("told.py"), TOLD);
    var told = lab.atEndpoint(1, "python3", "-u", script.toString());
    told.awaitOutput("listening");
    await("the first endpoint has had a connection")
        .atMost(Program.PATIENCE)
        .until(() -> lab.answers(FULLNAT) && !told.alive());
    assertThat(told.awaitExit()).as(told.errors()).isZero();
    assertThat(told.output())
        .containsPattern("10.20.0.20[01]:\\d+ > 10.20.0.21:8080 has 10.30.0.2:\\d+");
  }

  private static final String TOLD =
      """
      import socket, struct

      wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0800))
      print('listening')
      found = False
      while not found:
          ip = wire.recv(4096)[14:]
          tcp = ip[20:]
          if ip[9] != 6 or struct.unpack('>H', tcp[2:4])[0] != 8080 or tcp[12] >> 4 < 7 or tcp[20] != 254:
              continue
          ends = struct.unpack('>HH', tcp[:4])
          told = struct.unpack('>H', tcp[22:24])[0]
          address = lambda four: '.'.join(str(each) for each in four)
          print('%s:%d > %s:%d has %s:%d' % (address(ip[12:16]), ends[0], address(ip[16:20]), ends[1], address(tcp[24:28]), told))
          found = True
      """;

  private static void traceShowsConnections(PacketLab lab) throws InterruptedException {
    var trace = lab.steelyardProgram("trace", FULLNAT, "--count", "8");
    await("what it saw")
        .atMost(Program.PATIENCE)
        .until(() -> lab.answers(FULLNAT) && !trace.alive());
    assertThat(trace.awaitExit()).as(trace.errors()).isZero();
    assertThat(trace.output())
        .containsPattern(
            "TCP +SYN \\d+ B +10.30.0.2:\\d+ → 10.99.0.2:80 .* ⇒ FullNAT new RIP 10.20.0.2[12]  10.20.0.20[01]:\\d+ → 10.20.0.2[12]:8080 ")
        .containsPattern(
            "TCP +SYN,ACK .* 10.20.0.2[12]:8080 → 10.20.0.20[01]:\\d+ .* ⇒ FullNAT answer RIP 10.20.0.2[12]  10.99.0.2:80 → 10.30.0.2:\\d+ ");
  }

  @Test
  void aKilledEndpointGetsNoConnectionsUntilItIsBack() throws Exception {
    try (var lab = PacketLab.start(directory, configuration(1, 1))) {
      var downloads = lab.downloads(NAT, 4);
      lab.killEndpoint(2);
      await("the dead one is out of the table")
          .atMost(Program.PATIENCE)
          .until(() -> lab.director().errors().contains("web/10.20.0.22:8080 is DOWN"));
      await("new connections go to the other")
          .atMost(Program.PATIENCE)
          .until(() -> ask(lab, NAT, 6).equals(new TreeSet<>(List.of("endpoint1 sees 10.30.0.2"))));
      int whole = 0;
      for (var download : downloads) {
        whole += download.awaitExit() == 0 ? 1 : 0;
      }
      // Turns are per processor: of four connections each endpoint has one at least.
      assertThat(whole).as("downloads of the living one").isBetween(1, 3);
      assertThat(lab.ipvs()).doesNotContain("10.20.0.22");
      lab.startEndpoint(2);
      await("it is back")
          .atMost(Program.PATIENCE)
          .until(() -> ask(lab, NAT, 6).contains("endpoint2 sees 10.30.0.2"));
    }
  }

  /** The second stands by: it takes over within the probes' time, and gives back. */
  @Test
  void aBackupServesWhileTheFirstIsGone() throws Exception {
    var standby = configuration(1, 1).replaceAll("(10.20.0.22:8080), weight: 1", "$1, priority: 1");
    try (var lab = PacketLab.start(directory, standby)) {
      assertThat(ask(lab, NAT, 10)).containsExactly("endpoint1 sees 10.30.0.2");
      assertThat(lab.ipvs()).containsPattern("10.20.0.22:8080 +Masq +0 ");
      lab.killEndpoint(1);
      await("the backup serves")
          .atMost(Program.PATIENCE)
          .until(() -> lab.answers(NAT) && ask(lab, NAT, 3).contains("endpoint2 sees 10.30.0.2"));
      var downloads = lab.downloads(NAT, 2);
      lab.startEndpoint(1);
      await("the first serves again")
          .atMost(Program.PATIENCE)
          .until(() -> ask(lab, NAT, 6).equals(new TreeSet<>(List.of("endpoint1 sees 10.30.0.2"))));
      lab.areWhole(downloads, NAT);
    }
  }

  /** The process dies by SIGKILL and comes again, with other weights; nobody's transfer breaks. */
  @Test
  void noConnectionIsLostWhenTheProcessDiesAndNoneWhenAnEndpointIsDrained() throws Exception {
    try (var lab = PacketLab.start(directory, configuration(1, 1))) {
      var nat = lab.downloads(NAT, 3);
      var fullnat = lab.downloads(FULLNAT, 3);
      lab.director().kill();
      assertThat(ask(lab, NAT, 10)).as("served by the kernel alone").hasSize(2);
      assertThat(ask(lab, FULLNAT, 10)).isNotEmpty();
      lab.startDirector(configuration(1, 0));
      assertThat(ask(lab, NAT, 10))
          .as("the second drains")
          .containsExactly("endpoint1 sees 10.30.0.2");
      assertThat(nat).as("still under way").anyMatch(Program::alive);
      lab.areWhole(nat, NAT);
      lab.areWhole(fullnat, FULLNAT);
      assertThat(lab.ipvs()).containsPattern("10.20.0.22:8080 +Masq +0 ");
    }
  }

  @Test
  void whoIsDeniedComesInWhenTheFileSaysSo() throws Exception {
    var networks =
        Files.writeString(directory.resolve("networks"), "10.30.0.0/24 # the client's\n");
    var protection =
        "protection: { file: %s, rules: [{ source: 10.30.0.2, destination: 10.99.0.2, transport: tcp, first-port: 80, last-port: 80 }], packets-per-source: { per-second: 100000 }, connections-per-source: { per-second: 1, burst: 5 } }"
            .formatted(networks);
    try (var lab = PacketLab.start(directory, protection, configuration(1, 1))) {
      assertThat(lab.answers(NAT)).isFalse();
      assertThat(lab.admin("/metrics"))
          .containsPattern(
              "steelyard_packet_dropped_packets_total\\{listener=\"nat\",reason=\"denied\"} [1-9]");
      Files.writeString(networks, "deny 10.30.0.0/24\nreject 10.30.0.2\n");
      await("the mistake is told")
          .atMost(Program.PATIENCE)
          .until(() -> lab.director().errors().contains(networks + ":2:1: 'reject 10.30.0.2'"));
      assertThat(lab.admin("/v1/status"))
          .contains("\"access_list\":{\"networks\":1,\"problem\":\"" + networks + ":2:1: ");
      assertThat(lab.admin("/metrics")).contains("steelyard_packet_access_list_stale 1.0");
      assertThat(lab.answers(NAT)).as("what was stays in force").isFalse();
      Files.writeString(networks, "deny 10.30.0.0/24\nallow 10.30.0.2\n");
      await("the client may come in").atMost(Program.PATIENCE).until(() -> lab.answers(NAT));
      assertThat(lab.answers(FULLNAT)).as("a rule drops it").isFalse();
      assertThat(lab.admin("/v1/status")).contains("\"rule\":");
      await("it comes too often")
          .atMost(Program.PATIENCE)
          .until(() -> {
            lab.client(
                "bash", "-c", "for i in {1..12}; do : < /dev/tcp/" + NAT + "/80 & done; wait");
            return lab.admin("/v1/status").contains("\"new-rate\"");
          });
    }
  }

  private static final String MIRRORED =
      """
      listeners:
        nat:
          address: 10.99.0.1:80
          protocol: packet
          pool: web
          packet: { mode: nat, mirror: true }
        fullnat:
          address: 10.99.0.2:80
          protocol: packet
          pool: told
          packet: { mode: fullnat, scheduler: maglev, local-addresses: [10.20.0.200, 10.20.0.201], client-address: proxy-v2 }
      pools:
        web: { endpoints: [10.20.0.21:8080, 10.20.0.22:8080] }
        told: { endpoints: [10.20.0.21:8081, 10.20.0.22:8081] }
      """;

  /** The tap gets both directions of what is chosen, and may go at any time. */
  @Test
  void aTapSeesTheConnectionsOfAListener() throws Exception {
    var plane = "mirror: { tap: span0, sources: [10.30.0.0/24] }";
    try (var lab = PacketLab.start(directory, plane, MIRRORED)) {
      var script = Files.writeString(directory.resolve("tap.py"), TAP);
      var tap = lab.atDirector("python3", "-u", script.toString());
      tap.awaitOutput("listening");
      assertThat(lab.answers(FULLNAT)).isTrue();
      var downloads = lab.downloads(NAT, 2);
      lab.areWhole(downloads, NAT);
      tap.awaitOutput("10.99.0.1:80 > 10.30.0.2:\\d+");
      assertThat(tap.output())
          .containsPattern("10.30.0.2:\\d+ > 10.20.0.2[12]:8080")
          .doesNotContain("10.99.0.2", "10.20.0.20");
      var cut = lab.downloads(NAT, 2);
      lab.ip("link", "del", "span0");
      lab.areWhole(cut, NAT);
      assertThat(lab.answers(NAT)).isTrue();
    }
  }

  private static final String TAP =
      """
      import socket, struct

      wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0800))
      wire.bind(('span1', 0x0800))
      print('listening')
      seen = set()
      while True:
          ip = wire.recv(4096)[14:]
          address = lambda four: '.'.join(str(each) for each in four)
          ends = struct.unpack('>HH', ip[20:24])
          line = '%s:%d > %s:%d' % (address(ip[12:16]), ends[0], address(ip[16:20]), ends[1])
          if line not in seen:
              seen.add(line)
              print(line)
      """;

  /** A header is before the client's bytes, and 20 MB go both ways around it. */
  @Test
  void endpointsOfFullNatAreToldTheClientByAHeader() throws Exception {
    try (var lab = PacketLab.start(directory, MIRRORED.replace(", mirror: true", ""))) {
      for (int i = 0; i < 10; i++) {
        assertThat(lab.who(FULLNAT)).matches("endpoint[12] is told 10.30.0.2 of 10.99.0.2:80");
      }
      lab.areWhole(lab.downloads(FULLNAT, 2), FULLNAT);
      var content = directory.resolve("content");
      assertThat(lab.client("curl", "-sS", "-T", content.toString(), "http://" + FULLNAT + "/keep"))
          .contains("is told 10.30.0.2");
      assertThat(lab.kept()).singleElement().isEqualTo(Files.size(content));
    }
  }

  /** 100,000 SYNs of as many sources that do not exist; each takes two entries of the table. */
  @Test
  void aFloodLeavesTransfersIntact() throws Exception {
    // Without probes: on a busy machine they might time out, and what is down is cut off.
    var unprobed = configuration(1, 1).replaceAll("(?m)^ +health:.*$", "");
    try (var lab = PacketLab.start(directory, unprobed)) {
      var downloads = new ArrayList<>(lab.downloads(NAT, 4));
      var script = Files.writeString(directory.resolve("flood.py"), FLOOD);
      var sent = lab.client("python3", script.toString(), "100000");
      assertThat(sent.strip()).isEqualTo("100000");
      assertThat(ask(lab, NAT, 4)).as("new ones are served, too").isNotEmpty();
      lab.areWhole(downloads, NAT);
    }
  }

  /** With cookies nothing is kept of them, and who comes during the flood is served. */
  @Test
  void aFloodOfSynsTakesNoEntries() throws Exception {
    var unprobed = configuration(1, 1).replaceAll("(?m)^ +health:.*$", "");
    var plane = "protection: { syn-proxy: { unfinished-per-second: 100, burst: 200 } }";
    try (var lab = PacketLab.start(directory, plane, unprobed)) {
      var before = new ArrayList<>(lab.downloads(NAT, 2));
      var script = Files.writeString(directory.resolve("flood.py"), FLOOD);
      var sent = lab.client("python3", script.toString(), "100000");
      assertThat(sent.strip()).isEqualTo("100000");
      var during = new ArrayList<>(lab.downloads(FULLNAT, 2));
      assertThat(ask(lab, NAT, 12)).as("by cookies").hasSize(2);
      lab.areWhole(before, NAT);
      lab.areWhole(during, FULLNAT);
      var metrics = lab.admin("/metrics");
      assertThat(metric(metrics, "steelyard_packet_syn_cookies_total", "nat"))
          .isBetween(95_000.0, 100_100.0);
      assertThat(metric(metrics, "steelyard_packet_syn_cookies_returned_total", "nat"))
          .isGreaterThanOrEqualTo(10);
      assertThat(metric(metrics, "steelyard_packet_endpoint_connections_total", "nat"))
          .as("connections of 100,000 that are none")
          .isLessThan(3000);
    }
  }

  /** Of all lines of a listener together. */
  private static double metric(String page, String name, String listener) {
    return page.lines()
        .filter(line -> line.startsWith(name) && line.contains("listener=\"" + listener + "\""))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private static final String FLOOD =
      """
      import random, socket, struct, subprocess, sys

      def total(data):
          words = sum(struct.unpack('>%dH' % (len(data) // 2), data))
          while words >> 16:
              words = (words & 0xffff) + (words >> 16)
          return ~words & 0xffff

      subprocess.run(['curl', '-s', '-m', '5', '-o', '/dev/null', 'http://10.99.0.1/who'])
      director = [line.split()[4] for line in subprocess.run(
          ['ip', 'neigh', 'show', '10.30.0.10'], capture_output=True, text=True).stdout.splitlines()][0]
      own = open('/sys/class/net/eth0/address').read().strip()
      head = bytes.fromhex(director.replace(':', '') + own.replace(':', '') + '0800')
      wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
      wire.bind(('eth0', 0))
      chance, sent = random.Random(3), 0
      for i in range(int(sys.argv[1])):
          source, vip = struct.pack('>I', 0x64400000 + i), bytes([10, 99, 0, 1])
          tcp = struct.pack('>HHIIBBHHH', chance.randrange(1024, 65536), 80, chance.getrandbits(32), 0, 0x50, 2, 8192, 0, 0)
          check = total(source + vip + struct.pack('>BBH', 0, 6, len(tcp)) + tcp)
          tcp = tcp[:16] + struct.pack('>H', check) + tcp[18:]
          ip = struct.pack('>BBHHHBBH', 0x45, 0, 40, 0, 0x4000, 64, 6, 0) + source + vip
          ip = ip[:10] + struct.pack('>H', total(ip)) + ip[12:]
          while True:
              try:
                  sent += wire.send(head + ip + tcp) > 0
                  break
              except OSError:
                  pass
      print(sent)
      """;

  @Test
  void saysWhatIsMissing() throws IOException, InterruptedException {
    var yaml =
        """
        admin: { address: "127.0.0.1:0" }
        packet: { interfaces: [no-such-0], pins: "" }
        """
            + configuration(1, 1);
    var program = Steelyard.start(directory, "run", Steelyard.write(directory, yaml).toString());
    assertThat(program.awaitExit()).isEqualTo(1);
    assertThat(program.errors())
        .contains("packet plane: there is no interface no-such-0 in this network namespace");
    var elsewhere = yaml.replace("no-such-0", "lo").replace("\"\"", directory + "/nowhere");
    program = Steelyard.start(directory, "run", Steelyard.write(directory, elsewhere).toString());
    assertThat(program.awaitExit()).isEqualTo(1);
    assertThat(program.errors()).contains("mount -t bpf bpf");
  }

  /** The lab is a picture for people: this is what they see of NAT. */
  @Test
  void theLabShowsEachHop() throws InterruptedException {
    var text = Program.run(directory, "lab", Steelyard.command("lab", "nat"));
    assertThat(text)
        .containsPattern("client ─► director +SYN +CIP0:\\d+ → VIP:80 +CMAC0 → DMAC0")
        .containsPattern("director ─► endpoint. +SYN +CIP0:\\d+ → RIP.:8080 +DMAC1 → RMAC.")
        .containsPattern("endpoint. ─► director +SYN ACK +RIP.:8080 → CIP0:\\d+ +RMAC. → DMAC1")
        .containsPattern("director ─► client +SYN ACK +VIP:80 → CIP0:\\d+ +DMAC0 → CMAC0")
        .containsPattern("\\d+ × endpoint1 sees 10.30.0.2");
    var interrupted = Program.start(directory, "cut", Steelyard.command("lab", "dr", "--ipv6"));
    var own = "lab" + interrupted.pid() + "-";
    await("it is being built").atMost(Program.PATIENCE).until(() -> namespaces().contains(own));
    interrupted.terminate();
    interrupted.awaitExit();
    assertThat(namespaces()).doesNotContain(own, "lab");
  }

  private String namespaces() throws InterruptedException {
    return Program.run(directory, "ip", List.of("ip", "netns", "list"));
  }
}
