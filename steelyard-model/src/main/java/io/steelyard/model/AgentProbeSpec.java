package io.steelyard.model;

import org.jspecify.annotations.Nullable;

/** Reads what an agent beside the endpoint says. */
@Doc(
    "Connects to an agent beside the endpoint and reads one line, as HAProxy's agent-check does: `up`, `ready` or a weight such"
        + " as `75%` mean well (the weight itself is not used yet); `down`, `fail`, `stopped`, `maint`, `drain` and `0%` take"
        + " the endpoint out of the traffic. What follows a `#` is a comment for people. The agent's own port is `port`.")
public record AgentProbeSpec(@Doc("What to send first.") @NotEmpty @Nullable String send)
    implements ProbeSpec {}
