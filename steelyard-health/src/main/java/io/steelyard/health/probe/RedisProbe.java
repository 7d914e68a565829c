package io.steelyard.health.probe;

import io.steelyard.model.RedisProbeSpec;
import org.jspecify.annotations.Nullable;

/** PING and PONG in the protocol of Redis (RESP2), after AUTH where there is a password. */
final class RedisProbe implements Check {
  private final @Nullable Tls tls;
  private final @Nullable String login;

  RedisProbe(RedisProbeSpec spec) {
    tls = Tls.of(spec.tls());
    var password = spec.password();
    login =
        password == null
            ? null
            : spec.user() == null
                ? command("AUTH", password)
                : command("AUTH", spec.user(), password);
  }

  @Override
  public Passed check(ProbeTarget target, Deadline deadline)
      throws ProbeFailure, InterruptedException {
    try (var wire = Wire.open(target, tls, deadline)) {
      if (login != null) {
        wire.send(login);
        expect(wire, "+OK");
      }
      wire.send(command("PING"));
      expect(wire, "+PONG");
      return Passed.l7("PONG");
    }
  }

  private static String command(String... words) {
    var text = new StringBuilder("*").append(words.length).append("\r\n");
    for (var word : words) {
      int length = word.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
      text.append('$').append(length).append("\r\n").append(word).append("\r\n");
    }
    return text.toString();
  }

  private static void expect(Wire wire, String expected) throws ProbeFailure, InterruptedException {
    var line = wire.line();
    if (!line.equals(expected)) {
      throw ProbeFailure.l7("found " + Details.quote(line) + ", expected " + expected);
    }
  }
}
