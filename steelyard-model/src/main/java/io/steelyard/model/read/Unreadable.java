package io.steelyard.model.read;

import io.steelyard.model.Finding;
import io.steelyard.model.Finding.Severity;
import io.steelyard.model.Position;
import org.jspecify.annotations.Nullable;

/** Ends the reading of a text of which nothing more can be made. */
final class Unreadable extends Exception {
  private final @Nullable Position position;

  Unreadable(String message, @Nullable Position position) {
    super(message, null, false, false);
    this.position = position;
  }

  Finding finding() {
    return new Finding(Severity.ERROR, "", position, String.valueOf(getMessage()));
  }
}
