package io.steelyard.model;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/** Where and how each request is logged. */
@Doc(
    "One record per request. A log that cannot keep up loses records, which are counted; it never slows traffic.")
public record AccessLog(
    @Doc("The file that records are appended to. Without it they go to the standard output.")
        @NotEmpty
        @Nullable String file,
    @Doc("`json` writes one JSON object per line, `combined` the format of Apache and nginx.")
        @Default("json")
        Format format) {
  /** How a record is written. */
  public enum Format {
    /** One JSON object per line. */
    JSON,
    /** The combined format of Apache httpd and nginx. */
    COMBINED
  }

  public AccessLog {
    requireNonNull(format, "format");
  }

  /** The section with every key at its default: JSON to the standard output. */
  public static AccessLog defaults() {
    return Shape.of(AccessLog.class).defaults();
  }
}
