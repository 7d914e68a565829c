package io.steelyard.model;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/** Greets a mail server. */
@Doc("Waits for a mail server's greeting (220), says EHLO, expects 250, and says QUIT.")
public record SmtpProbeSpec(
    @Doc("What it calls itself.")
        @Default("steelyard.invalid")
        @Syntax(pattern = "^[A-Za-z0-9.:\\[\\]-]{1,255}$", expected = "a host name")
        String hello,
    @Doc("Encrypts from the first byte on.") @Nullable ProbeTls tls)
    implements ProbeSpec {
  public SmtpProbeSpec {
    requireNonNull(hello, "hello");
  }
}
