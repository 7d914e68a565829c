package io.steelyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Databases behind a TCP listener, asked by their own clients. */
class DatabasesIT {
  @TempDir private Path directory = Path.of("");

  /**
   * @param probe the service's own, for the key {@code health}; empty: none
   */
  private static String yaml(String probe, int... endpoints) {
    String health =
        probe.isEmpty()
            ? ""
            : ", health: { %s, interval: 500ms, timeout: 500ms, fall: 1, rise: 1 }";
    List<String> addresses = new ArrayList<>();
    for (int port : endpoints) {
      addresses.add("127.0.0.1:" + port);
    }
    return """
    admin: { address: "127.0.0.1:0" }
    event-loops: 1
    listeners:
      web: { address: 127.0.0.1:0, protocol: tcp, pool: site }
    pools:
      site: { endpoints: [%s]%s }
    """
        .formatted(String.join(", ", addresses), health.formatted(probe));
  }

  private static String port(Steelyard steelyard) {
    return steelyard.address().substring(steelyard.address().lastIndexOf(':') + 1);
  }

  /** Runs a client until the server lets it in, for it listens before it is ready. */
  private String ask(String name, List<String> command) {
    String[] said = new String[1];
    await()
        .atMost(Program.PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .until(() -> {
          try (Program client = Program.start(directory, name, command)) {
            boolean served = client.awaitExit() == 0;
            said[0] = client.output() + client.errors();
            return served;
          }
        });
    return said[0];
  }

  @Test
  void mysql() throws IOException, InterruptedException {
    String client = Tool.MYSQL.path();
    String user = "--user=" + System.getProperty("user.name");
    String data = "--datadir=" + directory.resolve("data");
    Program.run(
        directory,
        "install",
        List.of(
            Tool.MARIADB_INSTALL.path(),
            "--no-defaults",
            data,
            user,
            "--skip-test-db",
            "--auth-root-authentication-method=normal"));
    int port = Nginx.freePort();
    List<String> server =
        List.of(
            Tool.MARIADBD.path(),
            "--no-defaults",
            data,
            user,
            "--port=" + port,
            "--bind-address=127.0.0.1",
            "--socket=" + directory.resolve("s"),
            "--innodb-buffer-pool-size=8M");
    try (Program mariadb = Program.start(directory, "mariadb", server);
        Steelyard steelyard = Steelyard.run(directory, yaml("mysql: {}", port))) {
      String ask = "select 6 * 7, length(repeat('x', 5000000))";
      assertThat(ask("mysql", mysql(client, steelyard, ask))).contains("42\t5000000");
      awaitHealth(steelyard, "UP");
      assertThat(steelyard.status().at("/listeners/0/connections/active").asInt()).isZero();
      try (Program asking =
          Program.start(directory, "asking", mysql(client, steelyard, "select sleep(600)"))) {
        awaitOneConnection(steelyard);
        mariadb.kill();
        assertThat(asking.awaitExit()).as("exit status of %s", asking).isNotZero();
        assertThat(asking.errors()).contains("Lost connection");
      }
      awaitHealth(steelyard, "DOWN");
      try (Program again = Program.start(directory, "mariadb", server)) {
        awaitHealth(steelyard, "UP");
        assertThat(ask("mysql", mysql(client, steelyard, ask))).contains("42\t5000000");
        assertThat(again.alive()).isTrue();
      }
      steelyard.stop();
    }
  }

  private static List<String> mysql(String client, Steelyard steelyard, String statement) {
    String port = "-P" + port(steelyard);
    return List.of(client, "--no-defaults", "-h127.0.0.1", port, "-uroot", "-N", "-e", statement);
  }

  private static void awaitHealth(Steelyard steelyard, String health) {
    await()
        .atMost(Program.PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(() ->
            health.equals(steelyard.status().at("/pools/0/endpoints/0/health/health").asString()));
  }

  private static void awaitOneConnection(Steelyard steelyard) {
    await()
        .atMost(Program.PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .until(() ->
            steelyard.status().at("/pools/0/endpoints/0/bytes_sent").asLong() > 0
                && steelyard.status().at("/listeners/0/connections/active").asInt() == 1);
  }

  /** PostgreSQL refuses to run as root. */
  @Test
  void postgresql() throws IOException, InterruptedException {
    String client = Tool.PSQL.path();
    Path bin = newestPostgresql();
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path home = Files.createDirectory(directory.resolve("pg"));
    boolean root = System.getProperty("user.name").equals("root");
    if (root) {
      Program.run(directory, "chown", List.of("chown", "postgres", home.toString()));
    }
    String data = home.resolve("data").toString();
    Program.run(home, "initdb", asPostgres(root, bin.resolve("initdb"), "-D", data, "-A", "trust"));
    int port = Nginx.freePort();
    List<String> server =
        asPostgres(
            root,
            bin.resolve("postgres"),
            "-D",
            data,
            "-p",
            String.valueOf(port),
            "-h",
            "127.0.0.1",
            "-k",
            home.toString());
    // with its children, of which runuser does not know
    List<String> stop =
        asPostgres(root, bin.resolve("pg_ctl"), "-D", data, "-m", "immediate", "stop");
    try (Program postgres = Program.start(home, "postgres", server);
        Steelyard steelyard =
            Steelyard.run(directory, yaml("postgresql: { user: postgres }", port))) {
      String ask = "select 6 * 7, length(repeat('x', 5000000))";
      assertThat(ask("psql", psql(client, steelyard, ask))).contains("42|5000000");
      awaitHealth(steelyard, "UP");
      try (Program asking =
          Program.start(directory, "asking", psql(client, steelyard, "select pg_sleep(600)"))) {
        awaitOneConnection(steelyard);
        Program.run(home, "pg_ctl", stop);
        postgres.awaitExit();
        assertThat(asking.awaitExit()).as("exit status of %s", asking).isNotZero();
        assertThat(asking.errors()).contains("server closed the connection");
      }
      awaitHealth(steelyard, "DOWN");
      try (Program again = Program.start(home, "postgres", server)) {
        awaitHealth(steelyard, "UP");
        assertThat(ask("psql", psql(client, steelyard, ask))).contains("42|5000000");
        Program.run(home, "pg_ctl", stop);
        again.awaitExit();
      }
      steelyard.stop();
    }
  }

  private static List<String> psql(String client, Steelyard steelyard, String statement) {
    String port = port(steelyard);
    return List.of(client, "-h", "127.0.0.1", "-p", port, "-U", "postgres", "-tA", "-c", statement);
  }

  private static List<String> asPostgres(boolean root, Path program, String... arguments) {
    return Stream.of(
            root ? Stream.of("runuser", "-u", "postgres", "--") : Stream.<String>of(),
            Stream.of(program.toString()),
            Stream.of(arguments))
        .flatMap(words -> words)
        .toList();
  }

  private static Path newestPostgresql() throws IOException {
    Tool.PG_LSCLUSTERS.path(); // Debian's sign that the server is there
    try (Stream<Path> versions = Files.list(Path.of("/usr/lib/postgresql"))) {
      return versions
          .filter(version -> Files.isExecutable(version.resolve("bin/initdb")))
          .max(
              Comparator.comparingInt(
                  version -> Integer.parseInt(version.getFileName().toString())))
          .orElseThrow()
          .resolve("bin");
    }
  }

  /** Whoever was at the endpoint is told at once, and comes to the other by connecting again. */
  @Test
  void redisKilledInTheMiddle() throws IOException, InterruptedException {
    int a = Nginx.freePort();
    int b = Nginx.freePort();
    try (Program first = redis("first", a);
        Program second = redis("second", b);
        Steelyard steelyard = Steelyard.run(directory, yaml("", a, b))) {
      awaitPong(a);
      awaitPong(b);
      int proxy = Integer.parseInt(port(steelyard));
      try (Client one = new Client(proxy);
          Client other = new Client(proxy)) {
        assertThat(one.ask("PING")).isEqualTo("+PONG");
        assertThat(other.ask("PING")).isEqualTo("+PONG");
        first.kill();
        List<@Nullable String> answers = new ArrayList<>();
        answers.add(one.ask("PING"));
        answers.add(other.ask("PING"));
        assertThat(answers).containsExactlyInAnyOrder("+PONG", null);
      }
      for (int i = 0; i < 10; i++) {
        try (Client again = new Client(proxy)) {
          assertThat(again.ask("PING")).isEqualTo("+PONG");
        }
      }
      assertThat(second.alive()).isTrue();
      steelyard.stop();
    }
  }

  private Program redis(String name, int port) {
    return Program.start(
        directory,
        name,
        List.of(Tool.REDIS_SERVER.path(), "--port", String.valueOf(port), "--save", ""));
  }

  private static void awaitPong(int port) {
    await()
        .atMost(Program.PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .ignoreException(IOException.class)
        .until(() -> {
          try (Client client = new Client(port)) {
            return "+PONG".equals(client.ask("PING"));
          }
        });
  }

  private static final class Client implements AutoCloseable {
    private final Socket socket;
    private final BufferedReader lines;

    Client(int port) throws IOException {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setSoTimeout((int) Program.PATIENCE.toMillis());
      lines =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
    }

    /** Null when the connection has ended, in order or not. */
    @Nullable String ask(String command) {
      try {
        socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
        return lines.readLine();
      } catch (SocketTimeoutException e) {
        throw new AssertionError("no answer, and no end of the connection", e);
      } catch (IOException e) {
        return null;
      }
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
