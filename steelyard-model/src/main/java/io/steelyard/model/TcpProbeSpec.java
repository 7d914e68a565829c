package io.steelyard.model;

import org.jspecify.annotations.Nullable;

/** Opens a connection; by option sends something and waits for an answer. */
@Doc(
    "Opens a TCP connection and closes it. By option encrypts, sends something, and waits for what it expects.")
public record TcpProbeSpec(
    @Doc("What to send, as UTF-8; in double quotes YAML knows `\\r`, `\\n` and `\\x00`.") @NotEmpty
        @Nullable String send,
    @Doc("The same in hexadecimal, for bytes that are no text: `\"00 1f ff\"`.")
        @Syntax(
            pattern = "^([0-9A-Fa-f]{2} ?)+$",
            expected = "pairs of hexadecimal digits in quotes")
        @Nullable String sendHex,
    @Doc("A text that has to come back within the timeout.") @NotEmpty @Nullable String expect,
    @Doc(
            "A regular expression (RE2 syntax, linear time) that what comes back has to match somewhere. Bytes that are no UTF-8 are"
                + " read as ISO 8859-1.")
        @NotEmpty
        @Nullable String expectRegex,
    @Doc("Encrypts, and checks the certificate.") @Nullable ProbeTls tls)
    implements ProbeSpec {}
