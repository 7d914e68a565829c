package io.steelyard.model;

import org.jspecify.annotations.Nullable;

/** Sends a datagram and waits for an answer, or for word that nobody listens. */
@Doc(
    "Sends a datagram. With an expectation the answer has to meet it within the timeout; without one the endpoint is well"
        + " when no ICMP message says within the timeout that the port is unreachable.")
public record UdpProbeSpec(
    @Doc("What to send, as UTF-8. Absent together with `send-hex`: one byte, 0.") @NotEmpty
        @Nullable String send,
    @Doc("The same in hexadecimal, for bytes that are no text: `\"00 1f ff\"`.")
        @Syntax(
            pattern = "^([0-9A-Fa-f]{2} ?)+$",
            expected = "pairs of hexadecimal digits in quotes")
        @Nullable String sendHex,
    @Doc("A text that has to come back.") @NotEmpty @Nullable String expect,
    @Doc("A regular expression (RE2 syntax, linear time) that the answer has to match somewhere.")
        @NotEmpty
        @Nullable String expectRegex)
    implements ProbeSpec {}
