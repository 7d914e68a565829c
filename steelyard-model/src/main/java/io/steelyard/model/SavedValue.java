package io.steelyard.model;

import org.jspecify.annotations.Nullable;

/** Where a step of a probe finds a value that later steps use. */
@Doc("Where a step finds a value that later steps use. It has exactly one of the keys.")
@ExactlyOne({"json", "regex", "header"})
public record SavedValue(
    @Doc("A path into the answer, a JSON document: `$.token`.") @Nullable String json,
    @Doc("A regular expression (RE2 syntax) for the body; its first group is the value.")
        @Nullable String regex,
    @Doc("The name of a header field of the answer.") @NotEmpty @Nullable String header) {}
