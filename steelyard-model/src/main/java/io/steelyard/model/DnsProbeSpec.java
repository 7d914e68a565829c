package io.steelyard.model;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/** Asks a name server. */
@Doc("Asks a name server over UDP; the answer must have no error and at least one record.")
public record DnsProbeSpec(
    @Doc("The name to ask for.")
        @Syntax(
            pattern = "^(\\.|([A-Za-z0-9_-]{1,63}\\.)*[A-Za-z0-9_-]{1,63}\\.?)$",
            expected = "a name such as example.com")
        String name,
    @Doc("The type of record to ask for.") @Default("a") Type type,
    @Doc("An address that must be among the answer's records; for `a` and `aaaa`.") @NotEmpty
        @Nullable String expectAddress)
    implements ProbeSpec {
  /** Types of records, with their numbers (RFC 1035 section 3.2.2, RFC 3596). */
  public enum Type {
    A(1),
    AAAA(28),
    NS(2),
    SOA(6),
    CNAME(5),
    MX(15),
    TXT(16),
    SRV(33);

    private final int number;

    Type(int number) {
      this.number = number;
    }

    /** The number in messages. */
    public int number() {
      return number;
    }
  }

  public DnsProbeSpec {
    requireNonNull(name, "name");
    requireNonNull(type, "type");
  }
}
