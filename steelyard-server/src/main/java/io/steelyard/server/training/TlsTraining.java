package io.steelyard.server.training;

import static java.util.Objects.requireNonNull;

import io.steelyard.balance.balancer.Balancers;
import io.steelyard.server.Server;
import io.steelyard.server.StartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A certificate, and a second server that speaks TLS and HTTP/2 to the first: so the recording
 * holds both sides of ours, and nothing of another client.
 */
final class TlsTraining implements AutoCloseable {
  private static final String PASSWORD = "training";

  private final Path directory;

  private TlsTraining(Path directory) {
    this.directory = directory;
  }

  /** Makes the certificate with the JDK's own tool. */
  static TlsTraining create() throws IOException, InterruptedException {
    TlsTraining training = new TlsTraining(Files.createTempDirectory("steelyard-training"));
    Files.writeString(training.password(), PASSWORD);
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-alias",
            "training",
            "-keyalg",
            "EC",
            "-groupname",
            "secp256r1",
            "-dname",
            "CN=localhost",
            "-storetype",
            "PKCS12",
            "-storepass",
            PASSWORD,
            "-keystore",
            training.store().toString());
    int status = new ProcessBuilder(command).inheritIO().start().waitFor();
    if (status != 0) {
      throw new IOException(command.getFirst() + " ended with " + status + ", expected 0");
    }
    return training;
  }

  private Path store() {
    return directory.resolve("training.p12");
  }

  private Path password() {
    return directory.resolve("password");
  }

  /** As a configuration names it. */
  String certificate() {
    return "{ certificate: %s, password-file: %s }".formatted(store(), password());
  }

  /**
   * A server whose endpoints are the first one's listeners with TLS: {@code tls} and {@code h2}
   * keep their connections, {@code whole} and {@code resumed} open one for each client's.
   */
  Server before(Server first) throws StartException {
    String yaml =
        """
        admin: { address: 127.0.0.1:0 }
        event-loops: 1
        listeners:
          tls: { address: 127.0.0.1:0, pool: encrypted }
          h2: { address: 127.0.0.1:0, pool: multiplexed }
          resumed: { address: 127.0.0.1:0, protocol: tcp, pool: encrypted }
          whole: { address: 127.0.0.1:0, protocol: tcp, pool: forgetful }
        pools:
          encrypted: { endpoints: ["127.0.0.1:%1$d"], tls: { verify: false } }
          multiplexed: { endpoints: ["127.0.0.1:%1$d"], tls: { verify: false }, http: 2 }
          forgetful: { endpoints: ["127.0.0.1:%2$d"], tls: { verify: false } }
        """
            .formatted(port(first, "https"), port(first, "forgetful"));
    return Server.start(TrainingRun.read(yaml), Balancers.standard());
  }

  private static int port(Server server, String listener) {
    return requireNonNull(server.addresses().get(listener), listener).getPort();
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(store());
    Files.deleteIfExists(password());
    Files.deleteIfExists(directory);
  }
}
