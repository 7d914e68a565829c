package io.steelyard.model;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * Something that is wrong with a configuration, or looks wrong.
 *
 * @param severity whether the configuration can be used nevertheless
 * @param path the key that it is about, such as {@code listeners.web.routes[1].pool}; empty for the
 *     whole file
 * @param position where that stands in the text; absent for records made in Java and for the whole
 *     file
 * @param message what is wrong and what was expected
 */
public record Finding(Severity severity, String path, @Nullable Position position, String message) {
  /** Whether a configuration with such a finding can be used. */
  public enum Severity {
    ERROR,
    WARNING;

    @Override
    public String toString() {
      return this == ERROR ? "error" : "warning";
    }
  }

  public Finding {
    requireNonNull(severity, "severity");
    requireNonNull(path, "path");
    requireNonNull(message, "message");
  }

  /** Whether the configuration cannot be used because of this. */
  public boolean isError() {
    return severity == Severity.ERROR;
  }

  /**
   * The finding as one line in the format of compilers, which editors understand: {@code
   * FILE:LINE:COLUMN: error: PATH: message}, without the parts that are absent.
   */
  public String format(String file) {
    var line = new StringBuilder(file);
    if (position != null) {
      line.append(':').append(position);
    }
    line.append(": ").append(severity).append(": ");
    if (!path.isEmpty()) {
      line.append(path).append(": ");
    }
    return line.append(message).toString();
  }
}
