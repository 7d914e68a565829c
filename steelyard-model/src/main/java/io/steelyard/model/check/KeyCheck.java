package io.steelyard.model.check;

import io.steelyard.model.Durations;
import io.steelyard.model.Key;
import io.steelyard.model.KeyPath;
import io.steelyard.model.Kind;
import io.steelyard.model.Names;
import io.steelyard.model.Quote;
import io.steelyard.model.Range;
import io.steelyard.model.Shape;
import io.steelyard.model.Syntax;
import io.steelyard.model.Words;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks every value against what its key's annotations permit. */
final class KeyCheck {
  private final Findings findings;

  KeyCheck(Findings findings) {
    this.findings = findings;
  }

  /** Checks a section and all below it. */
  void section(Record section, KeyPath path) {
    var keys = Shape.of(section.getClass()).keys();
    for (int i = 0; i < keys.size(); i++) {
      var value = Shape.of(section.getClass()).get(section, i);
      if (value != null) {
        key(keys.get(i), value, path.key(keys.get(i).name()));
      }
    }
  }

  private void key(Key key, Object value, KeyPath path) {
    if (key.range() != null && key.kind() instanceof Kind.Scalar kind) {
      range(key.range(), kind, value, path);
    }
    if (key.syntax() != null) {
      syntax(key.syntax(), value.toString(), path);
    }
    // A list with a default is empty when it is absent; only its reader can tell that from an empty
    // one.
    if (key.notEmpty() && key.fallback() == null && isEmpty(value)) {
      findings.error(path, "is empty, expected at least one");
    }
    children(key.kind(), value, path);
  }

  private void children(Kind kind, Object value, KeyPath path) {
    switch (kind) {
      case Kind.Section _ -> section((Record) value, path);
      case Kind.Items items -> {
        int index = 0;
        for (var item : (List<?>) value) {
          children(items.item(), item, path.item(index++));
        }
      }
      case Kind.Named named ->
          ((Map<?, ?>) value).forEach((name, item) -> child(named, name.toString(), item, path));
      case Kind.Scalar _, Kind.Choice _, Kind.NameWithOptions _ -> {}
    }
  }

  private void child(Kind.Named named, String name, Object item, KeyPath path) {
    var here = path.key(name);
    if (!Names.isName(name)) {
      findings.error(
          here,
          Quote.of(name)
              + " is not a name, expected 1 to 100 of the letters A-Z and a-z, digits, '-', '_' and '.'");
    }
    children(named.value(), item, here);
  }

  private static boolean isEmpty(Object value) {
    return switch (value) {
      case String text -> text.isEmpty();
      case List<?> list -> list.isEmpty();
      case Map<?, ?> map -> map.isEmpty();
      case Record section -> isEmpty(section);
      default -> false;
    };
  }

  private static boolean isEmpty(Record section) {
    var shape = Shape.of(section.getClass());
    for (int i = 0; i < shape.keys().size(); i++) {
      if (shape.get(section, i) != null) {
        return false;
      }
    }
    return true;
  }

  private void range(Range range, Kind.Scalar kind, Object value, KeyPath path) {
    if (compare(value, Words.scalar(kind, range.min())) < 0
        || compare(value, Words.scalar(kind, range.max())) > 0) {
      findings.error(
          path, "is " + text(value) + ", expected " + range.min() + " to " + range.max());
    }
  }

  @SuppressWarnings("unchecked") // both are values of one kind
  private static int compare(Object a, Object b) {
    return ((Comparable<Object>) a).compareTo(b);
  }

  private static String text(@Nullable Object value) {
    return value instanceof Duration duration ? Durations.format(duration) : String.valueOf(value);
  }

  private void syntax(Syntax syntax, String value, KeyPath path) {
    if (!value.matches(syntax.pattern())) {
      findings.error(path, Quote.of(value) + " does not fit, expected " + syntax.expected());
    }
  }
}
