package io.steelyard.packet;

import io.steelyard.model.Cidr;
import java.util.Objects;

/**
 * Whether packets from a network may come in.
 *
 * @param allowed false: they are dropped
 */
public record AccessRule(Cidr network, boolean allowed) {
  public AccessRule {
    Objects.requireNonNull(network, "network");
  }
}
