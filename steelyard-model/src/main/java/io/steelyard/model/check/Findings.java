package io.steelyard.model.check;

import io.steelyard.model.Finding;
import io.steelyard.model.Finding.Severity;
import io.steelyard.model.KeyPath;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Collects findings and gives them their positions. Findings about stand-ins of what could not be
 * read are left out.
 */
final class Findings {
  private final Source source;
  private final List<Finding> all = new ArrayList<>();

  Findings(Source source) {
    this.source = source;
  }

  Source source() {
    return source;
  }

  void error(KeyPath path, String message) {
    add(Severity.ERROR, path, () -> message);
  }

  /** The message is only made when it will be shown; for those that take a search. */
  void error(KeyPath path, Supplier<String> message) {
    add(Severity.ERROR, path, message);
  }

  void warning(KeyPath path, String message) {
    add(Severity.WARNING, path, () -> message);
  }

  List<Finding> all() {
    return List.copyOf(all);
  }

  private void add(Severity severity, KeyPath path, Supplier<String> message) {
    if (all.size() <= Validator.MOST_FINDINGS && !source.isBroken(path)) {
      all.add(new Finding(severity, path.toString(), source.position(path), message.get()));
    }
  }
}
