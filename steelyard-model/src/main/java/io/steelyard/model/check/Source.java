package io.steelyard.model.check;

import io.steelyard.model.KeyPath;
import io.steelyard.model.Position;
import org.jspecify.annotations.Nullable;

/** What a validator may ask about the text that a configuration was read from. */
public interface Source {
  /** The source of records that were made in Java. */
  Source NONE =
      new Source() {
        @Override
        public @Nullable Position position(KeyPath path) {
          return null;
        }

        @Override
        public boolean isBroken(KeyPath path) {
          return false;
        }

        @Override
        public boolean isDoubtful(KeyPath path) {
          return false;
        }
      };

  /** Where a value, or what is nearest above it, stands in the text. */
  @Nullable Position position(KeyPath path);

  /**
   * Whether the value could not be read, so that the records hold a stand-in of which nothing more
   * is to be said.
   */
  boolean isBroken(KeyPath path);

  /**
   * Whether the value or some part of it could not be read, so that no conclusion can be drawn from
   * it.
   */
  boolean isDoubtful(KeyPath path);
}
