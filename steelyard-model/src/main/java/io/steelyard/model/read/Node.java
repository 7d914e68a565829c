package io.steelyard.model.read;

import io.steelyard.model.Position;
import io.steelyard.model.Quote;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A value of a YAML document with its position: what is left of YAML once anchors, styles and
 * comments are gone.
 */
sealed interface Node {
  /** Where it begins. */
  Position position();

  /** What it is, for "found …, expected …". */
  String description();

  /** The type of a scalar by the core schema of YAML 1.2 (section 10.3.2). */
  enum Type {
    NULL("null|Null|NULL|~|"),
    BOOLEAN("true|True|TRUE|false|False|FALSE"),
    INTEGER("[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+"),
    FLOAT(
        "[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)"),
    TEXT("(?s).*");

    private final Pattern syntax;

    Type(String syntax) {
      this.syntax = Pattern.compile(syntax);
    }

    /** The type of a scalar without quotes. */
    static Type ofPlain(String text) {
      for (var type : values()) {
        if (type.syntax.matcher(text).matches()) {
          return type;
        }
      }
      throw new AssertionError("every text is TEXT");
    }
  }

  /** A single value. */
  record Scalar(String text, Type type, Position position) implements Node {
    @Override
    public String description() {
      return switch (type) {
        case NULL -> "nothing";
        case BOOLEAN, INTEGER, FLOAT -> Quote.message(text);
        case TEXT -> Quote.of(text);
      };
    }
  }

  /** A list. */
  record Items(List<Node> items, Position position) implements Node {
    @Override
    public String description() {
      return items.isEmpty() ? "an empty list" : "a list";
    }
  }

  /** A map; in the order of the document. */
  record Entries(Map<String, Entry> entries, Position position) implements Node {
    @Override
    public String description() {
      return entries.isEmpty() ? "an empty map" : "a map";
    }

    /** The value of a key; null when the key is absent. */
    @Nullable Node get(String key) {
      var entry = entries.get(key);
      return entry == null ? null : entry.value();
    }
  }

  /** The value of a key. */
  record Entry(Position key, Node value) {}
}
