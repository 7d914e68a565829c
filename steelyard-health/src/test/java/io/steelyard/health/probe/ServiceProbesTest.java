package io.steelyard.health.probe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.model.LdapProbeSpec;
import io.steelyard.model.MysqlProbeSpec;
import io.steelyard.model.PostgresqlProbeSpec;
import io.steelyard.model.ProbeSpec;
import io.steelyard.model.RedisProbeSpec;
import io.steelyard.model.SmtpProbeSpec;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Services that say what the test wants; real ones are in {@link RealServersTest}. */
class ServiceProbesTest {
  private static final RedisProbeSpec REDIS = new RedisProbeSpec(null, null, null);
  private static final SmtpProbeSpec SMTP = new SmtpProbeSpec("me", null);
  private static final MysqlProbeSpec MYSQL = new MysqlProbeSpec();
  private static final PostgresqlProbeSpec POSTGRESQL = new PostgresqlProbeSpec("p");
  private static final LdapProbeSpec LDAP = new LdapProbeSpec("", "", null);

  private static String saying(ProbeSpec spec, String text) throws Exception {
    try (var server = Server.saying(text)) {
      return Run.once(spec, server.target());
    }
  }

  private static String bytes(String hex) {
    return new String(HexFormat.of().parseHex(hex.replace(" ", "")), ISO_8859_1);
  }

  @Test
  void redis() throws Exception {
    assertThat(saying(REDIS, "+PONG\r\n")).isEqualTo("passed L7 PONG");
    assertThat(saying(REDIS, "-LOADING Redis is loading the dataset in memory\r\n"))
        .isEqualTo(
            "failed L7 found '-LOADING Redis is loading the dataset in memory', expected +PONG");
    assertThat(saying(new RedisProbeSpec("pw", "u", null), "+OK\r\n+PONG\r\n"))
        .isEqualTo("passed L7 PONG");
    assertThat(saying(new RedisProbeSpec("pw", null, null), "-ERR invalid password\r\n"))
        .isEqualTo("failed L7 found '-ERR invalid password', expected +OK");
  }

  @Test
  void redisIsSentItsOwnProtocol() throws Exception {
    var sent = new ArrayBlockingQueue<String>(1);
    var expected = "*3\r\n$4\r\nAUTH\r\n$1\r\nu\r\n$3\r\np\u00e9\r\n*1\r\n$4\r\nPING\r\n";
    try (var server =
        Server.start((in, out) -> {
          out.write("+OK\r\n+PONG\r\n".getBytes(US_ASCII));
          sent.add(new String(in.readAllBytes(), UTF_8));
        })) {
      assertThat(Run.once(new RedisProbeSpec("p\u00e9", "u", null), server.target()))
          .isEqualTo("passed L7 PONG");
      assertThat(sent.poll(20, TimeUnit.SECONDS)).isEqualTo(expected);
    }
  }

  @Test
  void smtp() throws Exception {
    assertThat(saying(SMTP, "220-mx\r\n220 welcome\r\n250-mx\r\n250 HELP\r\n221 bye\r\n"))
        .isEqualTo("passed L7 220 welcome");
    assertThat(saying(SMTP, "554 no service\r\n"))
        .isEqualTo("failed L7 found '554 no service', expected 220");
    assertThat(saying(SMTP, "220 x\r\n421 too busy\r\n"))
        .isEqualTo("failed L7 found '421 too busy', expected 250");
  }

  @Test
  void mysql() throws Exception {
    assertThat(saying(MYSQL, bytes("0b 00 00 00 0a") + "8.0.36\0abc"))
        .isEqualTo("passed L7 MySQL 8.0.36");
    assertThat(saying(MYSQL, bytes("17 00 00 00 ff 10 04") + "Too many connections"))
        .isEqualTo("failed L7 the server refuses: 1040 Too many connections");
    assertThat(saying(MYSQL, "HTTP/1.1 400 Bad Request\r\n"))
        .startsWith("failed L7 found 'HTTP/1.1 400 Bad");
  }

  @Test
  void postgresql() throws Exception {
    assertThat(saying(POSTGRESQL, bytes("52 00000017 0000000a") + "SCRAM-SHA-256\0\0"))
        .isEqualTo("passed L7 ready for authentication");
    assertThat(saying(POSTGRESQL, error("28000", "no such role")))
        .isEqualTo("passed L7 answers 28000 no such role");
    assertThat(saying(POSTGRESQL, error("57P03", "the database system is starting up")))
        .isEqualTo("failed L7 the server refuses: 57P03 the database system is starting up");
    assertThat(saying(POSTGRESQL, error("53300", "too many clients")))
        .startsWith("failed L7 the server refuses: 53300");
    assertThat(saying(POSTGRESQL, "HTTP/1.1 400"))
        .isEqualTo("failed L7 found a message 'H', expected an answer of PostgreSQL");
  }

  private static String error(String code, String message) {
    var fields = "SFATAL\0C" + code + "\0M" + message + "\0\0";
    return "E" + bytes("%08x".formatted(4 + fields.length())) + fields;
  }

  @Test
  void ldap() throws Exception {
    assertThat(saying(LDAP, bytes("30 0c 02 01 01 61 07 0a 01 00 04 00 04 00")))
        .isEqualTo("passed L7 bound");
    assertThat(saying(LDAP, bytes("30 0c 02 01 01 61 07 0a 01 31 04 00 04 00")))
        .isEqualTo("failed L7 the bind ended with result 49, expected 0, success");
    assertThat(saying(LDAP, bytes("30 84 0000000c 02 01 01 61 84 00000007 0a 01 00 04 00 04 00")))
        .isEqualTo("passed L7 bound");
    assertThat(saying(LDAP, "HTTP")).startsWith("failed L7 found a byte 48, expected 30");
  }

  /** Whatever comes back, a probe ends with a result. */
  @Test
  void anyBytesGiveAResult() throws Exception {
    var random = new SplittableRandom(11);
    for (ProbeSpec spec : List.of(REDIS, SMTP, MYSQL, POSTGRESQL, LDAP)) {
      var answer = new byte[][] {new byte[0]};
      try (var server = Server.start((in, out) -> out.write(answer[0]))) {
        var probe = Probes.of(spec);
        for (int i = 0; i < 150; i++) {
          answer[0] = new byte[random.nextInt(40)];
          random.nextBytes(answer[0]);
          if (answer[0].length > 0 && random.nextBoolean()) {
            answer[0][0] = "+2\nRE0".getBytes(ISO_8859_1)[random.nextInt(6)];
          }
          assertThat(probe.run(server.target(), Run.LONG).detail()).doesNotContain("\r", "\n");
        }
      }
    }
  }
}
