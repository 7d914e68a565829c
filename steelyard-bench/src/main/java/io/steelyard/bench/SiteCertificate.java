package io.steelyard.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A certificate of a contestant's own, all of one kind: an elliptic curve, P-256.
 *
 * @param both certificate and key in one file
 */
record SiteCertificate(Path certificate, Path key, Path both) {
  private static final String CLIENT_SETTINGS =
      """
      openssl_conf = all
      [all]
      ssl_conf = ssl
      [ssl]
      system_default = client
      [client]
      MinProtocol = TLSv1.3
      Ciphersuites = TLS_AES_128_GCM_SHA256
      Groups = X25519
      """;

  /** Makes one in that directory. */
  static SiteCertificate in(Path directory) throws IOException {
    SiteCertificate files =
        new SiteCertificate(
            directory.resolve("site.pem"),
            directory.resolve("site.key"),
            directory.resolve("both.pem"));
    if (!Files.exists(files.both)) {
      openssl(files);
      Files.writeString(
          files.both, Files.readString(files.certificate) + Files.readString(files.key));
    }
    return files;
  }

  private static void openssl(SiteCertificate files) throws IOException {
    Process process =
        new ProcessBuilder(
                List.of(
                    Tools.require("openssl"),
                    "req",
                    "-x509",
                    "-newkey",
                    "ec",
                    "-pkeyopt",
                    "ec_paramgen_curve:P-256",
                    "-nodes",
                    "-days",
                    "100",
                    "-subj",
                    "/CN=bench.example",
                    "-keyout",
                    files.key.toString(),
                    "-out",
                    files.certificate.toString()))
            .redirectErrorStream(true)
            .start();
    try {
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IOException("openssl req: " + output.strip());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  /** A file for {@code OPENSSL_CONF}: what clients offer. */
  static Path clientSettings(Workspace workspace) throws IOException {
    Path file = workspace.root().resolve("client.cnf");
    if (!Files.exists(file)) {
      Files.writeString(file, CLIENT_SETTINGS);
    }
    return file;
  }
}
