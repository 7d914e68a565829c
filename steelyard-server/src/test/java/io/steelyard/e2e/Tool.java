package io.steelyard.e2e;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** The programs that are not ours. */
enum Tool {
  NGINX("nginx"),
  CURL("curl"),
  WRK("wrk"),
  REDIS_SERVER("redis-server"),
  REDIS_BENCHMARK("redis-benchmark"),
  IPERF("iperf3"),
  DIG("dig"),
  DNSPERF("dnsperf"),
  DNSMASQ("dnsmasq"),
  NGHTTP("nghttp"),
  H2LOAD("h2load"),
  SSLSCAN("sslscan"),
  CHROMIUM("chromium"),
  OPENSSL("openssl"),
  MYSQL("mysql"),
  MARIADBD("mariadbd"),
  MARIADB_INSTALL("mariadb-install-db"),
  PSQL("psql"),
  PG_LSCLUSTERS("pg_lsclusters"),
  VSFTPD("vsftpd"),
  LFTP("lftp");

  /** Set where all tools must be there, so that no test is passed over unseen. */
  private static final boolean REQUIRED = System.getenv("STEELYARD_TOOLS_REQUIRED") != null;

  private final String program;

  Tool(String program) {
    this.program = program;
  }

  /** Where it is. Without it the test is aborted, or fails where tools are required. */
  String path() {
    return find().orElseGet(this::missing);
  }

  private Optional<String> find() {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Stream.concat(Stream.of(path.split(":")), Stream.of("/usr/sbin", "/usr/local/sbin"))
        .map(directory -> Path.of(directory, program))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst();
  }

  private String missing() {
    String message = program + " is not installed (.ci/run installs what the tests need)";
    return REQUIRED ? fail(message) : abort(message);
  }
}
