package io.steelyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every file of {@code examples/} starts, on ports and with files that a test may have. */
class ExamplesIT {
  private static final Path EXAMPLES = Path.of("../examples");

  /** Runs a command where it has the interfaces of the packet plane's example to itself. */
  private static final List<String> APART =
      List.of(
          "unshare",
          "--net",
          "--mount",
          "bash",
          "-ec",
          """
          ip link set lo up
          for i in 0 1; do
            ip link add eth$i type veth peer name far$i
            ip link set eth$i up
            ip link set far$i up
            ip address add 10.$i.0.10/24 dev eth$i
          done
          ip link add span0 type veth peer name analyzer
          ip link set span0 up
          ip link set analyzer up
          mount -t bpf bpf /sys/fs/bpf
          exec "$@"
          """,
          "--");

  @TempDir private Path directory = Path.of("");

  static List<Path> examples() throws IOException {
    try (Stream<Path> files = Files.list(EXAMPLES)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  /** Every file that the example of TLS names, as openssl makes them. */
  private void certificates() throws IOException, InterruptedException {
    String script =
        """
        set -e
        new="openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 100"
        $new -subj /CN=ca -keyout ca.key -out ca.pem
        $new -CA ca.pem -CAkey ca.key -subj /CN=www.example.com \
          -addext subjectAltName=DNS:www.example.com,DNS:*.example.com -keyout www.example.com.key -out www.example.com.pem
        printf 'V\t490101000000Z\t\t%s\tunknown\t/CN=a\n' $(openssl x509 -noout -serial -in www.example.com.pem | cut -d= -f2) > ocsp.txt
        openssl ocsp -index ocsp.txt -CA ca.pem -issuer ca.pem -rsigner ca.pem -rkey ca.key -cert www.example.com.pem \
          -ndays 9 -respout www.example.com.ocsp
        cat ca.pem >> www.example.com.pem
        echo secret > p12.password
        openssl pkcs12 -export -in www.example.com.pem -inkey www.example.com.key -out www.example.com.p12 \
          -passout file:p12.password
        openssl rand -out tickets.key 96
        touch index.txt
        printf '[ca]\ndefault_ca=a\n[a]\ndatabase=index.txt\ndefault_md=sha256\ndefault_crl_days=9\n' > ca.conf
        openssl ca -gencrl -config ca.conf -keyfile www.example.com.key -cert www.example.com.pem -out clients-crl.pem
        for copy in clients-ca internal-ca steelyard; do cp www.example.com.pem $copy.pem; done
        cp www.example.com.key steelyard.key
        """;
    Process openssl =
        new ProcessBuilder("bash", "-c", script)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(openssl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(openssl.waitFor()).as(said).isZero();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void starts(Path example) throws IOException, InterruptedException {
    String yaml = Files.readString(example);
    // The keys "address" that begin a line are those of listeners and the admin port. Ranges stay.
    String anyPort = yaml.replaceAll("(?m)^( +address: .*:)\\d+(?!\\d*-)", "$10");
    String admin = anyPort.contains("\nadmin:") ? "" : "admin: { address: \"127.0.0.1:0\" }\n";
    String ours =
        admin
            + anyPort
                .replace("/var/log/steelyard/", directory + "/")
                .replace("/etc/steelyard/", directory + "/")
                .replace("/run/steelyard/", directory + "/")
                // What every machine has.
                .replace("source-address: 10.0.0.9", "source-address: 127.0.0.1")
                .replace("network-interface: eth1", "network-interface: lo");
    if (ours.contains("certificates:")) {
      certificates();
    }
    Files.writeString(directory.resolve("networks"), "192.0.2.0/24\n");
    List<String> within = ours.contains("protocol: packet") ? APART : List.of();
    try (Steelyard steelyard = Steelyard.run(directory, within, ours)) {
      steelyard.stop();
    }
  }
}
