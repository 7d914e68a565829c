package io.steelyard.health.probe;

import io.steelyard.model.SmtpProbeSpec;
import org.jspecify.annotations.Nullable;

/** A mail server's greeting and its answer to EHLO (RFC 5321 section 3.1). */
final class SmtpProbe implements Check {
  private static final int MOST_LINES = 100;

  private final @Nullable Tls tls;
  private final String hello;

  SmtpProbe(SmtpProbeSpec spec) {
    tls = Tls.of(spec.tls());
    hello = spec.hello();
  }

  @Override
  public Passed check(ProbeTarget target, Deadline deadline)
      throws ProbeFailure, InterruptedException {
    try (var wire = Wire.open(target, tls, deadline)) {
      var greeting = expect(wire, "220");
      wire.send("EHLO " + hello + "\r\n");
      expect(wire, "250");
      wire.send("QUIT\r\n");
      return Passed.l7(greeting);
    }
  }

  /** Reads a reply, which may have several lines; returns the last. */
  private static String expect(Wire wire, String code) throws ProbeFailure, InterruptedException {
    for (int i = 0; i < MOST_LINES; i++) {
      var line = wire.line();
      if (!line.startsWith(code)) {
        throw ProbeFailure.l7("found " + Details.quote(line) + ", expected " + code);
      }
      if (line.length() == 3 || line.charAt(3) == ' ') {
        return line;
      }
    }
    throw ProbeFailure.l7("a reply of more than " + MOST_LINES + " lines");
  }
}
