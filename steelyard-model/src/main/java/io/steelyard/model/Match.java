package io.steelyard.model;

import org.jspecify.annotations.Nullable;

/** The condition of a route. All that is given must hold. */
@Doc("The condition of a route. All that is given must hold.")
public record Match(
    @Doc(
            "The host that the request asks for, without a port: a name such as `api.example.com`, or `*.example.com` for"
                + " every name below `example.com` (not `example.com` itself). Upper and lower case are the same.")
        @NotEmpty
        @Nullable String host,
    @Doc("The start of the request's path, such as `/v1/`. Upper and lower case differ.") @NotEmpty
        @Nullable String pathPrefix) {}
