package io.steelyard.model;

import static java.util.Objects.requireNonNull;

/** Begins a session with PostgreSQL. */
@Doc(
    "Begins a session with PostgreSQL, as `pg_isready` does. A server that asks for a password is well; one that starts up, shuts"
        + " down or has no connection left is not.")
public record PostgresqlProbeSpec(
    @Doc("The user in whose name it begins; needs to have no rights, not even to exist.")
        @Default("steelyard")
        @NotEmpty
        String user)
    implements ProbeSpec {
  public PostgresqlProbeSpec {
    requireNonNull(user, "user");
  }
}
