package io.steelyard.model;

import static java.util.Objects.requireNonNull;

/** Where the process shows itself. */
@Doc("The admin port: metrics, health of the process, status.")
public record Admin(
    @Doc("Where the admin port listens. Keep it off public networks: it has no login.")
        @Default("127.0.0.1:9900")
        Address address) {
  public Admin {
    requireNonNull(address, "address");
  }

  /** The section with every key at its default. */
  public static Admin defaults() {
    return Shape.of(Admin.class).defaults();
  }
}
