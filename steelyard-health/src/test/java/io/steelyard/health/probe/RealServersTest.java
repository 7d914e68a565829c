package io.steelyard.health.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.steelyard.model.DnsProbeSpec;
import io.steelyard.model.HttpProbeSpec;
import io.steelyard.model.LdapProbeSpec;
import io.steelyard.model.MysqlProbeSpec;
import io.steelyard.model.PostgresqlProbeSpec;
import io.steelyard.model.ProbeTls;
import io.steelyard.model.RedisProbeSpec;
import io.steelyard.model.SmtpProbeSpec;
import io.steelyard.model.Statuses;
import io.steelyard.model.TcpProbeSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Probes against the servers that they are made for. */
class RealServersTest {
  @TempDir private Path directory = Path.of("");

  private static HttpProbeSpec http(@Nullable ProbeTls tls) {
    return new HttpProbeSpec(
        "/", "GET", Map.of(), null, Statuses.parse("200"), "well", null, null, Map.of(), tls);
  }

  @Test
  void nginx() throws Exception {
    int port = RealServer.freePort();
    var configuration = directory.resolve("nginx.conf");
    Files.writeString(
        configuration,
        """
        daemon off;
        master_process off;
        pid %1$s/nginx.pid;
        error_log %1$s/error.log;
        events {}
        http {
          access_log off;
          client_body_temp_path %1$s/b; proxy_temp_path %1$s/p; fastcgi_temp_path %1$s/f;
          uwsgi_temp_path %1$s/u; scgi_temp_path %1$s/s;
          server { listen 127.0.0.1:%2$d; location = / { return 200 "all is well\\n"; } }
        }
        """
            .formatted(directory, port));
    var nginx = RealServer.program("nginx");
    try (var server =
        RealServer.start(
            directory,
            port,
            List.of(nginx, "-c", configuration.toString(), "-e", directory + "/error.log"))) {
      assertThat(Run.once(http(null), server.target()))
          .isEqualTo("passed content status 200 and the content expected");
      var missing =
          new HttpProbeSpec(
              "/no",
              "GET",
              Map.of(),
              null,
              Statuses.parse("200"),
              null,
              null,
              null,
              Map.of(),
              null);
      assertThat(Run.once(missing, server.target()))
          .isEqualTo("failed L7 status 404, expected 200");
      server.signal("STOP");
      assertThat(Run.quickly(http(null), server.target()))
          .isEqualTo("failed L7 no answer within 150 ms");
      server.signal("CONT");
    }
  }

  @Test
  void tls() throws Exception {
    var openssl = RealServer.program("openssl");
    RealServer.run(
        directory,
        List.of(
            openssl,
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=well.example",
            "-addext",
            "subjectAltName=DNS:well.example",
            "-keyout",
            "key.pem",
            "-out",
            "certificate.pem"));
    var certificate = directory.resolve("certificate.pem").toString();
    Files.writeString(directory.resolve("index.html"), "all is well");
    int port = RealServer.freePort();
    try (var server =
        RealServer.start(
            directory,
            port,
            List.of(
                openssl,
                "s_server",
                "-accept",
                String.valueOf(port),
                "-cert",
                "certificate.pem",
                "-key",
                "key.pem",
                "-www"))) {
      var target = server.target();
      var connect = new TcpProbeSpec(null, null, null, null, new ProbeTls(null, false, null));
      assertThat(Run.once(connect, target)).isEqualTo("passed TLS connected");
      var trusted = new ProbeTls("well.example", true, certificate);
      assertThat(Run.once(statusOnly(trusted), target)).isEqualTo("passed L7 status 200");
      assertThat(Run.once(statusOnly(new ProbeTls(null, true, null)), target))
          .startsWith("failed TLS ");
      assertThat(Run.once(statusOnly(new ProbeTls("other.example", true, certificate)), target))
          .startsWith("failed TLS ")
          .contains("other.example");
      assertThat(Run.once(statusOnly(new ProbeTls(null, true, "/no/such.pem")), target))
          .startsWith("failed TLS authorities /no/such.pem: ");
      assertThat(Run.once(http(null), target)).startsWith("failed L");
    }
    try (var plain = Server.mute()) {
      var connect = new TcpProbeSpec(null, null, null, null, new ProbeTls(null, false, null));
      assertThat(Run.quickly(connect, plain.target()))
          .isEqualTo("failed TLS no handshake within 150 ms");
    }
  }

  private static HttpProbeSpec statusOnly(ProbeTls tls) {
    return new HttpProbeSpec(
        "/", "GET", Map.of(), null, Statuses.parse("200"), null, null, null, Map.of(), tls);
  }

  @Test
  void redis() throws Exception {
    int port = RealServer.freePort();
    var redis = RealServer.program("redis-server");
    try (var server =
        RealServer.start(
            directory,
            port,
            List.of(
                redis,
                "--port",
                String.valueOf(port),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--requirepass",
                "secret"))) {
      var target = server.target();
      assertThat(Run.once(new RedisProbeSpec("secret", null, null), target))
          .isEqualTo("passed L7 PONG");
      assertThat(Run.once(new RedisProbeSpec("secret", "default", null), target))
          .isEqualTo("passed L7 PONG");
      assertThat(Run.once(new RedisProbeSpec("wrong", null, null), target))
          .startsWith("failed L7 found '-WRONGPASS");
      assertThat(Run.once(new RedisProbeSpec(null, null, null), target))
          .startsWith("failed L7 found '-NOAUTH");
    }
  }

  @Test
  void dnsmasq() throws Exception {
    int port = RealServer.freePort();
    var dnsmasq = RealServer.program("dnsmasq");
    try (var server =
        RealServer.start(
            directory,
            port,
            List.of(
                dnsmasq,
                "--keep-in-foreground",
                "--conf-file=/dev/null",
                "--port=" + port,
                "--listen-address=127.0.0.1",
                "--bind-interfaces",
                "--no-resolv",
                "--no-hosts",
                "--user=" + System.getProperty("user.name"),
                "--pid-file=" + directory + "/pid",
                "--host-record=www.example.test,192.0.2.7",
                "--local=/example.test/"))) {
      var target = server.target();
      assertThat(Run.once(dns("www.example.test", DnsProbeSpec.Type.A, "192.0.2.7"), target))
          .isEqualTo("passed content 1 records");
      assertThat(Run.once(dns("www.example.test", DnsProbeSpec.Type.A, "192.0.2.8"), target))
          .isEqualTo("failed content found 1 records, expected 192.0.2.8 among them");
      assertThat(Run.once(dns("www.example.test", DnsProbeSpec.Type.MX, null), target))
          .isEqualTo("failed content no record of type MX for www.example.test");
      assertThat(Run.once(dns("other.example.test", DnsProbeSpec.Type.A, null), target))
          .isEqualTo("failed L7 no such name");
    }
  }

  private static DnsProbeSpec dns(String name, DnsProbeSpec.Type type, @Nullable String address) {
    return new DnsProbeSpec(name, type, address);
  }

  @Test
  void aiosmtpd() throws Exception {
    int port = RealServer.freePort();
    var aiosmtpd = RealServer.program("aiosmtpd");
    try (var server =
        RealServer.start(directory, port, List.of(aiosmtpd, "-n", "-l", "127.0.0.1:" + port))) {
      assertThat(Run.once(new SmtpProbeSpec("probe.example", null), server.target()))
          .startsWith("passed L7 220 ");
      assertThat(Run.once(new MysqlProbeSpec(), server.target()))
          .startsWith("failed L7 found '220");
    }
  }

  @Test
  void mariadb() throws Exception {
    var install = RealServer.program("mariadb-install-db");
    var mariadbd = RealServer.program("mariadbd");
    var user = "--user=" + System.getProperty("user.name");
    var data = "--datadir=" + directory.resolve("data");
    RealServer.run(
        directory,
        List.of(
            install,
            "--no-defaults",
            data,
            user,
            "--skip-test-db",
            "--auth-root-authentication-method=normal"));
    int port = RealServer.freePort();
    try (var server =
        RealServer.start(
            directory,
            port,
            List.of(
                mariadbd,
                "--no-defaults",
                data,
                user,
                "--port=" + port,
                "--bind-address=127.0.0.1",
                "--socket=" + directory.resolve("s"),
                "--max-connections=10",
                "--innodb-buffer-pool-size=8M"))) {
      assertThat(Run.once(new MysqlProbeSpec(), server.target()))
          .startsWith("passed L7 MySQL ")
          .contains("MariaDB");
      assertThat(Run.once(new PostgresqlProbeSpec("p"), server.target())).startsWith("failed L7 ");
    }
  }

  /** PostgreSQL refuses to run as root. */
  @Test
  void postgresql() throws Exception {
    RealServer.program("pg_lsclusters"); // Debian's sign that the server is there
    var bin = newestPostgresql();
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    var home = Files.createDirectory(directory.resolve("pg"));
    if (isRoot()) {
      RealServer.run(directory, List.of("chown", "postgres", home.toString()));
    }
    var data = home.resolve("data").toString();
    RealServer.run(
        home,
        asPostgres(bin + "/initdb", "-D", data, "-A", "scram-sha-256", "--pwfile=/etc/hostname"));
    int port = RealServer.freePort();
    try (var server =
        RealServer.start(
            directory,
            port,
            asPostgres(
                bin + "/postgres",
                "-D",
                data,
                "-p",
                String.valueOf(port),
                "-h",
                "127.0.0.1",
                "-k",
                home.toString()))) {
      // it listens before it is ready, and says so
      await()
          .atMost(Run.LONG)
          .untilAsserted(() ->
              assertThat(Run.once(new PostgresqlProbeSpec("nobody-of-this-name"), server.target()))
                  .startsWith("passed L7 "));
      assertThat(Run.once(new LdapProbeSpec("", "", null), server.target())).startsWith("failed L");
    }
  }

  private static String newestPostgresql() throws IOException {
    try (var versions = Files.list(Path.of("/usr/lib/postgresql"))) {
      return versions.sorted().toList().getLast().resolve("bin").toString();
    }
  }

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  private static List<String> asPostgres(String... command) {
    var all = new ArrayList<String>();
    if (isRoot()) {
      all.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"));
    }
    all.addAll(List.of(command));
    return all;
  }

  @Test
  void slapd() throws Exception {
    var slapd = RealServer.program("slapd");
    var configuration = directory.resolve("slapd.conf");
    Files.writeString(
        configuration,
        """
        include /etc/ldap/schema/core.schema
        modulepath /usr/lib/ldap
        moduleload back_mdb
        pidfile %1$s/pid
        database mdb
        maxsize 1048576
        directory %1$s
        suffix "dc=example"
        rootdn "cn=probe,dc=example"
        rootpw secret
        """
            .formatted(directory));
    int port = RealServer.freePort();
    try (var server =
        RealServer.start(
            directory,
            port,
            List.of(
                slapd,
                "-d",
                "0",
                "-f",
                configuration.toString(),
                "-h",
                "ldap://127.0.0.1:" + port))) {
      var target = server.target();
      assertThat(Run.once(new LdapProbeSpec("", "", null), target)).isEqualTo("passed L7 bound");
      assertThat(Run.once(new LdapProbeSpec("cn=probe,dc=example", "secret", null), target))
          .isEqualTo("passed L7 bound");
      assertThat(Run.once(new LdapProbeSpec("cn=probe,dc=example", "wrong", null), target))
          .isEqualTo("failed L7 the bind ended with result 49, expected 0, success");
    }
  }
}
