package io.steelyard.model.describe;

import io.steelyard.model.Kind;
import io.steelyard.model.Shape;
import java.util.LinkedHashSet;
import java.util.Set;

/** All sections that a configuration can have, from the outermost inwards. */
final class Sections {
  private Sections() {}

  /** The section itself and those below it, each once; in the order in which they are met. */
  static Set<Shape<?>> of(Shape<?> outermost) {
    Set<Shape<?>> sections = new LinkedHashSet<>();
    collect(outermost, sections);
    return sections;
  }

  private static void collect(Shape<?> section, Set<Shape<?>> sections) {
    if (sections.add(section)) {
      section.keys().forEach(key -> collect(key.kind(), sections));
    }
  }

  private static void collect(Kind kind, Set<Shape<?>> sections) {
    switch (kind) {
      case Kind.Section section -> collect(section.shape(), sections);
      case Kind.Items items -> collect(items.item(), sections);
      case Kind.Named named -> collect(named.value(), sections);
      case Kind.Scalar _, Kind.Choice _, Kind.NameWithOptions _ -> {}
    }
  }
}
