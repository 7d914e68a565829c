package io.steelyard.model;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/** A value that a JSON document must have. */
@Doc("A value that the answer, a JSON document, must have.")
public record JsonExpectation(
    @Doc("Where it is: `$.status`, `$['disk space'].free`, `$.nodes[0].state` (RFC 9535).")
        String path,
    @Doc("What it is, as text: `\"ok\"`, `\"true\"`, `\"3\"`. Absent: anything but null will do.")
        @Nullable String value) {
  public JsonExpectation {
    requireNonNull(path, "path");
  }
}
