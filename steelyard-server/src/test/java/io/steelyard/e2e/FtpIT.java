package io.steelyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** vsftpd at two endpoints, lftp in front: data comes from where control goes. */
class FtpIT {
  private static final int FILE_BYTES = 3_000_000;

  @TempDir private Path directory = Path.of("");

  /** Serves a directory of its own on an address of its own; returns its port. */
  private Program startServer(String host, int port) throws IOException {
    Path home = Files.createDirectory(directory.resolve(host));
    byte[] content = new byte[FILE_BYTES];
    new Random(host.hashCode()).nextBytes(content);
    Files.write(home.resolve("content"), content);
    Files.writeString(home.resolve("who"), host);
    Path in = Files.createDirectory(home.resolve("in"));
    Files.setPosixFilePermissions(in, PosixFilePermissions.fromString("rwxrwxrwx"));
    Path empty = Files.createDirectory(directory.resolve(host + "-empty"));
    Path file =
        Files.writeString(
            directory.resolve(host + ".conf"),
            """
            listen=YES
            listen_address=%s
            listen_port=%d
            background=NO
            run_as_launching_user=YES
            anonymous_enable=YES
            no_anon_password=YES
            anon_root=%s
            anon_upload_enable=YES
            write_enable=YES
            anon_umask=022
            seccomp_sandbox=NO
            secure_chroot_dir=%s
            """
                .formatted(host, port, home, empty));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    Program server =
        Program.start(directory, "vsftpd", List.of(Tool.VSFTPD.path(), file.toString()));
    await()
        .atMost(Program.PATIENCE)
        .ignoreException(IOException.class)
        .until(() -> {
          try (Socket probe = new Socket(InetAddress.ofLiteral(host), port)) {
            return probe.isConnected();
          }
        });
    return server;
  }

  private String lftp(String port, String settings, String commands) throws InterruptedException {
    String script =
        "set cmd:fail-exit on; set net:max-retries 2; set net:timeout 20; set ftp:ssl-allow off; "
            + settings
            + "; open ftp://127.0.0.1:"
            + port
            + "; "
            + commands;
    return Program.run(directory, "lftp", List.of(Tool.LFTP.path(), "--norc", "-c", script));
  }

  @Test
  void dataComesFromTheEndpointOfItsControlConnection() throws Exception {
    int port = Nginx.freePort();
    String yaml =
        """
        admin: { address: "127.0.0.1:0" }
        listeners:
          web: { address: 127.0.0.1:0, protocol: tcp, pool: site, ftp: {} }
        pools:
          site: { endpoints: [127.0.0.2:%1$d, 127.0.0.3:%1$d] }
        """
            .formatted(port);
    Path upload = Files.write(directory.resolve("upload"), new byte[FILE_BYTES]);
    try (Program one = startServer("127.0.0.2", port);
        Program two = startServer("127.0.0.3", port);
        Steelyard steelyard = Steelyard.run(directory, yaml)) {
      String at = steelyard.address().substring(steelyard.address().lastIndexOf(':') + 1);
      int round = 0;
      for (String mode :
          List.of(
              "set ftp:passive-mode on",
              "set ftp:passive-mode on; set ftp:prefer-epsv on",
              "set ftp:passive-mode off")) {
        for (int i = 0; i < 2; i++) { // one at each endpoint
          String name = "got" + round++;
          String who =
              lftp(
                      at,
                      mode,
                      "cat who; get content -o "
                          + directory.resolve(name)
                          + "; put "
                          + upload
                          + " -o in/"
                          + name)
                  .strip();
          assertThat(who).isIn("127.0.0.2", "127.0.0.3");
          Path home = directory.resolve(who);
          assertThat(Files.mismatch(directory.resolve(name), home.resolve("content")))
              .isEqualTo(-1);
          assertThat(Files.mismatch(upload, home.resolve("in").resolve(name))).isEqualTo(-1);
        }
      }
      assertThat(directory.resolve("127.0.0.2/in")).isNotEmptyDirectory();
      assertThat(directory.resolve("127.0.0.3/in")).isNotEmptyDirectory();
      assertThat(one.errors() + two.errors()).isEmpty();
    }
  }
}
