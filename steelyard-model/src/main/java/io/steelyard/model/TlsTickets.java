package io.steelyard.model;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How TLS sessions are resumed. */
@Doc(
    "How sessions are resumed: by tickets that clients keep, so that the processes behind one address need share nothing but keys.")
public record TlsTickets(
    @Doc("Whether tickets are given out and taken.") @Default("true") boolean enabled,
    @Doc(
            "A file with the keys of the tickets, 48 random bytes each (as nginx has them), the one to encrypt with first; all processes"
                + " that serve the same names share it. Absent: the process makes its own and changes them.")
        @NotEmpty
        @Nullable String keysFile,
    @Doc("How often the process's own key is changed. The one before is still taken as long again.")
        @Default("12h")
        @Range(min = "1m", max = "168h")
        Duration rotation) {
  public TlsTickets {
    requireNonNull(rotation, "rotation");
  }

  /** The section with every key at its default. */
  public static TlsTickets defaults() {
    return Shape.of(TlsTickets.class).defaults();
  }
}
