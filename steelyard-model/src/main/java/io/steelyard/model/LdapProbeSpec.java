package io.steelyard.model;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/** Binds to a directory. */
@Doc("Binds to an LDAP directory (simple bind, version 3) and expects success.")
public record LdapProbeSpec(
    @Doc("The distinguished name; empty binds anonymously.") @Default("") String user,
    @Doc("Its password.") @Default("") String password,
    @Doc("Encrypts from the first byte on (LDAPS).") @Nullable ProbeTls tls)
    implements ProbeSpec {
  public LdapProbeSpec {
    requireNonNull(user, "user");
    requireNonNull(password, "password");
  }
}
