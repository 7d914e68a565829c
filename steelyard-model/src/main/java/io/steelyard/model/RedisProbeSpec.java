package io.steelyard.model;

import org.jspecify.annotations.Nullable;

/** Pings Redis. */
@Doc(
    "Sends PING to Redis and expects PONG. A server that is loading its data or refuses is not well.")
public record RedisProbeSpec(
    @Doc("The password, where there is one.") @NotEmpty @Nullable String password,
    @Doc("The user, where the password is that of a user.") @NotEmpty @Nullable String user,
    @Doc("Encrypts, and checks the certificate.") @Nullable ProbeTls tls)
    implements ProbeSpec {}
