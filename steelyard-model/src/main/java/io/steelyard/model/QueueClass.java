package io.steelyard.model;

import static java.util.Objects.requireNonNull;

/** A class of service. */
@Doc("A class of service. Short form: the name alone.")
@Shorthand("name")
public record QueueClass(
    @Doc("Its name, for routes to refer to.")
        @Syntax(pattern = Names.SYNTAX, expected = "1 to 100 letters, digits, '-', '_' and '.'")
        String name,
    @Doc("Its share while others wait, too, when the order is `weighted`.")
        @Default("1")
        @Range(min = "1", max = "1000")
        int weight) {
  public QueueClass {
    requireNonNull(name, "name");
  }
}
