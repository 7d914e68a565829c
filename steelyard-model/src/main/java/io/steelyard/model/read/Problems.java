package io.steelyard.model.read;

import io.steelyard.model.Finding;
import io.steelyard.model.Finding.Severity;
import io.steelyard.model.KeyPath;
import io.steelyard.model.Position;
import io.steelyard.model.check.Validator;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Collects what is wrong with a text, up to the number that somebody may want to read. */
final class Problems {
  private final List<Finding> all = new ArrayList<>();

  void error(KeyPath path, Position position, String message) {
    error(path, position, () -> message);
  }

  /** The message is only made when it will be shown; for those that take a search. */
  void error(KeyPath path, Position position, Supplier<String> message) {
    if (all.size() <= Validator.MOST_FINDINGS) {
      all.add(new Finding(Severity.ERROR, path.toString(), position, message.get()));
    }
  }

  List<Finding> all() {
    return List.copyOf(all);
  }
}
