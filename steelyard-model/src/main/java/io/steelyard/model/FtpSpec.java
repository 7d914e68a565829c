package io.steelyard.model;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How data connections of FTP come through. */
@Doc(
    "How data connections of FTP come through: the addresses in PASV, EPSV, PORT and EPRT are replaced by ours.")
public record FtpSpec(
    @Doc("The first port that clients are told for data. 0: the system chooses.")
        @Default("0")
        @Range(min = "0", max = "65535")
        int firstPort,
    @Doc("The last one.") @Default("0") @Range(min = "0", max = "65535") int lastPort,
    @Doc(
            "The IPv4 address that clients are told for data (PASV), where they see another than this machine does. Absent: the one that they connected to.")
        @Syntax(pattern = "^[0-9]{1,3}(\\.[0-9]{1,3}){3}$", expected = "an IPv4 address")
        @Nullable String advertisedAddress,
    @Doc("How long a data connection may take to come.")
        @Default("60s")
        @Range(min = "10ms", max = "1h")
        Duration dataTimeout) {
  public FtpSpec {
    requireNonNull(dataTimeout, "dataTimeout");
  }

  /** The section with every key at its default. */
  public static FtpSpec defaults() {
    return Shape.of(FtpSpec.class).defaults();
  }
}
