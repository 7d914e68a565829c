package io.steelyard.model.read;

import io.steelyard.model.BalancerSpec;
import io.steelyard.model.Key;
import io.steelyard.model.KeyPath;
import io.steelyard.model.Kind;
import io.steelyard.model.Nearest;
import io.steelyard.model.Position;
import io.steelyard.model.Quote;
import io.steelyard.model.Shape;
import io.steelyard.model.Words;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes records from nodes. What cannot be read is reported, marked in the source and replaced by a
 * stand-in, so that all of the text is read and all of it can be validated. Recursive, at most as
 * deep as the nodes.
 */
final class Binder {
  private final ReadSource source;
  private final Problems problems;

  Binder(ReadSource source, Problems problems) {
    this.source = source;
    this.problems = problems;
  }

  /** Makes a section of the configuration. */
  <T extends Record> T section(Shape<T> shape, Node node, KeyPath path) {
    var shorthand = shape.shorthand();
    if (shorthand != null
        && node instanceof Node.Scalar scalar
        && scalar.type() != Node.Type.NULL) {
      return shorthand(shape, shorthand, scalar, path);
    }
    if (!(node instanceof Node.Entries map)) {
      mismatch(node, path, Expected.of(shape));
      return standIn(shape);
    }
    reportUnknownKeys(shape, map, path);
    return shape.create(shape.keys().stream().map(key -> entry(key, map, path)).toArray());
  }

  private <T extends Record> T shorthand(
      Shape<T> shape, Key shorthand, Node.Scalar scalar, KeyPath path) {
    return shape.create(
        shape.keys().stream()
            .map(
                key -> key.equals(shorthand) ? value(key.kind(), scalar, path) : key.defaultValue())
            .toArray());
  }

  private @Nullable Object entry(Key key, Node.Entries map, KeyPath path) {
    var here = path.key(key.name());
    var node = map.get(key.name());
    if (node != null) {
      return given(key, node, here);
    }
    if (!key.required()) {
      return key.defaultValue();
    }
    if (key.renamed() == null || map.get(key.renamed().from()) == null) {
      error(here, source.position(path), "is missing, expected " + Expected.of(key.kind()));
    }
    return standIn(key.kind());
  }

  private Object given(Key key, Node node, KeyPath path) {
    if (key.notEmpty() && isEmpty(node)) {
      error(path, source.position(path), "is empty, expected " + Expected.of(key.kind()));
      return standIn(key.kind());
    }
    return value(key.kind(), node, path);
  }

  private static boolean isEmpty(Node node) {
    return switch (node) {
      case Node.Scalar scalar -> scalar.type() == Node.Type.TEXT && scalar.text().isEmpty();
      case Node.Items list -> list.items().isEmpty();
      case Node.Entries map -> map.entries().isEmpty();
    };
  }

  private Object value(Kind kind, Node node, KeyPath path) {
    return switch (kind) {
      case Kind.Section section -> section(section.shape(), node, path);
      case Kind.Items items -> items(items, node, path);
      case Kind.Named named -> named(named, node, path);
      case Kind.NameWithOptions _ -> balancer(node, path);
      case Kind.Scalar scalar -> scalar(scalar, node, path);
      case Kind.Choice choice -> choice(choice, node, path);
    };
  }

  private List<Object> items(Kind.Items kind, Node node, KeyPath path) {
    if (!(node instanceof Node.Items list)) {
      mismatch(node, path, Expected.of(kind));
      return List.of();
    }
    var values = new ArrayList<>(list.items().size());
    for (var item : list.items()) {
      values.add(value(kind.item(), item, path.item(values.size())));
    }
    return values;
  }

  private Map<String, Object> named(Kind.Named kind, Node node, KeyPath path) {
    if (!(node instanceof Node.Entries map)) {
      mismatch(node, path, Expected.of(kind));
      return Map.of();
    }
    var values = new LinkedHashMap<String, Object>();
    map.entries()
        .forEach(
            (name, entry) -> values.put(name, value(kind.value(), entry.value(), path.key(name))));
    return values;
  }

  private Object scalar(Kind.Scalar kind, Node node, KeyPath path) {
    if (!(node instanceof Node.Scalar scalar) || !fits(kind, scalar.type())) {
      mismatch(node, path, Expected.of(kind));
      return standIn(kind);
    }
    var word = kind == Kind.Scalar.BOOLEAN ? scalar.text().toLowerCase(Locale.ROOT) : scalar.text();
    return parsed(kind, () -> Words.scalar(kind, word), node, path);
  }

  /**
   * Whether a YAML type can be this kind at all. Words with a syntax of their own complain about it
   * themselves.
   */
  private static boolean fits(Kind.Scalar kind, Node.Type type) {
    return switch (kind) {
      case INTEGER -> type == Node.Type.INTEGER;
      case NUMBER -> type == Node.Type.INTEGER || type == Node.Type.FLOAT;
      case BOOLEAN -> type == Node.Type.BOOLEAN;
      case TEXT -> type == Node.Type.TEXT;
      case DURATION, SIZE, ADDRESS, SOCKETS, STATUSES, CIDR, RETRY_ON -> type != Node.Type.NULL;
    };
  }

  private Object choice(Kind.Choice kind, Node node, KeyPath path) {
    if (!(node instanceof Node.Scalar scalar) || scalar.type() == Node.Type.NULL) {
      mismatch(node, path, Expected.of(kind));
      return standIn(kind);
    }
    return parsed(kind, () -> Words.choice(kind, scalar.text()), node, path);
  }

  private Object parsed(Kind kind, Supplier<Object> parser, Node node, KeyPath path) {
    try {
      return parser.get();
    } catch (IllegalArgumentException e) {
      error(path, node.position(), String.valueOf(e.getMessage()));
      return standIn(kind);
    }
  }

  private BalancerSpec balancer(Node node, KeyPath path) {
    if (node instanceof Node.Scalar scalar && scalar.type() == Node.Type.TEXT) {
      return BalancerSpec.of(scalar.text());
    }
    if (node instanceof Node.Entries map && map.entries().size() == 1) {
      var entry = map.entries().entrySet().iterator().next();
      if (entry.getValue().value() instanceof Node.Entries options) {
        return new BalancerSpec(entry.getKey(), options(options, path.key(entry.getKey())));
      }
      mismatch(
          entry.getValue().value(), path.key(entry.getKey()), "a map of the balancer's options");
      return BalancerSpec.of(entry.getKey());
    }
    mismatch(node, path, Expected.of(new Kind.NameWithOptions()));
    return BalancerSpec.of("");
  }

  private Map<String, Object> options(Node.Entries map, KeyPath path) {
    var options = new LinkedHashMap<String, Object>();
    map.entries()
        .forEach((name, entry) -> options.put(name, option(entry.value(), path.key(name))));
    return options;
  }

  private Object option(Node node, KeyPath path) {
    return switch (node) {
      case Node.Entries map -> options(map, path);
      case Node.Items list -> {
        var values = new ArrayList<>(list.items().size());
        for (var item : list.items()) {
          values.add(option(item, path.item(values.size())));
        }
        yield values;
      }
      case Node.Scalar scalar -> option(scalar, path);
    };
  }

  private Object option(Node.Scalar scalar, KeyPath path) {
    try {
      return switch (scalar.type()) {
        case NULL -> {
          mismatch(scalar, path, "a value");
          yield "";
        }
        case BOOLEAN -> Boolean.valueOf(scalar.text());
        case INTEGER -> Long.valueOf(scalar.text());
        case FLOAT -> Double.valueOf(scalar.text());
        case TEXT -> scalar.text();
      };
    } catch (NumberFormatException e) {
      error(
          path,
          scalar.position(),
          Quote.of(scalar.text()) + " is not a number that fits, expected a smaller decimal one");
      return "";
    }
  }

  private void reportUnknownKeys(Shape<?> shape, Node.Entries map, KeyPath path) {
    var known = shape.keys().stream().map(Key::name).toList();
    map.entries()
        .forEach((name, entry) -> {
          if (!known.contains(name)) {
            error(path.key(name), entry.key(), () -> unknown(name, shape, known));
          }
        });
  }

  private static String unknown(String name, Shape<?> shape, List<String> known) {
    for (var key : shape.keys()) {
      if (key.renamed() != null && key.renamed().from().equals(name)) {
        return "was renamed in " + key.renamed().in() + ", expected " + Quote.of(key.name());
      }
    }
    var suggestion = Nearest.suggestion(name, known);
    return suggestion.isEmpty()
        ? "is not a known key, expected " + Words.alternatives(known)
        : "is not a known key" + suggestion;
  }

  private void mismatch(Node node, KeyPath path, String expected) {
    boolean nothing = node instanceof Node.Scalar scalar && scalar.type() == Node.Type.NULL;
    var found = nothing ? "has no value" : "found " + node.description();
    error(path, source.position(path), found + ", expected " + expected);
  }

  private void error(KeyPath path, Position position, String message) {
    error(path, position, () -> message);
  }

  private void error(KeyPath path, Position position, Supplier<String> message) {
    source.markBroken(path);
    problems.error(path, position, message);
  }

  /** A value in place of one that could not be read. */
  private static Object standIn(Kind kind) {
    return switch (kind) {
      case Kind.Scalar scalar -> Words.scalar(scalar, standInWord(scalar));
      case Kind.Choice choice -> choice.constants().getFirst();
      case Kind.Section section -> standIn(section.shape());
      case Kind.Items _ -> List.of();
      case Kind.Named _ -> Map.of();
      case Kind.NameWithOptions _ -> BalancerSpec.of("");
    };
  }

  private static String standInWord(Kind.Scalar kind) {
    return switch (kind) {
      case INTEGER, NUMBER -> "0";
      case BOOLEAN -> "false";
      case TEXT -> "";
      case DURATION -> "0s";
      case SIZE -> "0";
      case ADDRESS, SOCKETS -> ":0";
      case STATUSES -> "200";
      case CIDR -> "0.0.0.0/0";
      case RETRY_ON -> "connect";
    };
  }

  private static <T extends Record> T standIn(Shape<T> shape) {
    return shape.create(
        shape.keys().stream()
            .map(key -> key.required() ? standIn(key.kind()) : key.defaultValue())
            .toArray());
  }
}
