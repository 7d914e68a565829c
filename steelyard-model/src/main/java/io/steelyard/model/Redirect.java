package io.steelyard.model;

import static java.util.Objects.requireNonNull;

/** Where clients are sent instead of being served. */
@Doc(
    "Sends clients to the same host and path by another scheme or port, instead of serving them: from HTTP to HTTPS.")
public record Redirect(
    @Doc("The scheme of the new address.") @Default("https") Scheme scheme,
    @Doc("The port of the new address; 0: the scheme's own.")
        @Default("0")
        @Range(min = "0", max = "65535")
        int port,
    @Doc(
            "The status of the answer: 308 and 307 keep the method, 301 and 302 let it become GET; 301 and 308 are for good.")
        @Default("308")
        @Range(min = "301", max = "308")
        int status) {
  /** How the new address is spoken to. */
  public enum Scheme {
    HTTP,
    HTTPS;

    /** The port that an address without one means. */
    public int port() {
      return this == HTTP ? 80 : 443;
    }
  }

  public Redirect {
    requireNonNull(scheme, "scheme");
  }

  /** The section with every key at its default. */
  public static Redirect defaults() {
    return Shape.of(Redirect.class).defaults();
  }
}
