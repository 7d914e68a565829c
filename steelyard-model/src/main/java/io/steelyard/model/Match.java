package io.steelyard.model;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The condition of a route. All that is given must hold.
 *
 * @param host kept in lower case, as host names do not distinguish
 */
@Doc("The condition of a route. All that is given must hold.")
public record Match(
    @Doc(
            "The host that the request asks for, without a port: a name such as `api.example.com`, or `*.example.com` for"
                + " every name below `example.com` (not `example.com` itself). Upper and lower case are the same.")
        @Syntax(
            pattern =
                "^((\\*\\.)?[A-Za-z0-9_]([A-Za-z0-9_.-]{0,250}[A-Za-z0-9_])?|\\[[0-9A-Fa-f:.]+\\])$",
            expected = "a host without a port, or *. and a host")
        @Nullable String host,
    @Doc("The start of the request's path, such as `/v1/`. Upper and lower case differ.")
        @Syntax(
            pattern = "^/[!-\"$->@-~]*$",
            expected = "a path that starts with / and has no space, ? or #")
        @Nullable String pathPrefix) {
  public Match {
    host = host == null ? null : host.toLowerCase(Locale.ROOT);
  }
}
