package io.steelyard.balance.decorate;

import io.steelyard.balance.Balancer;
import org.jspecify.annotations.Nullable;

/** A balancer that leaves the choice to others, among those that it lets them choose from. */
abstract class Decorator implements Balancer {
  /** The one that chooses most often. */
  abstract Balancer main();

  @Override
  public final Balancer bare() {
    return main().bare();
  }

  @Override
  public final boolean isBare() {
    return false;
  }

  /** The decorator of this kind in a chain; null when it has none. */
  static <D extends Decorator> @Nullable D find(Class<D> kind, Balancer chain) {
    var link = chain;
    while (link instanceof Decorator decorator) {
      if (kind.isInstance(decorator)) {
        return kind.cast(decorator);
      }
      link = decorator.main();
    }
    return null;
  }

  /** Lets a balancer go on where a chain stopped, whatever stands before either. */
  static void handOver(Balancer to, Balancer from) {
    to.takeOver(to.isBare() ? from.bare() : from);
  }
}
