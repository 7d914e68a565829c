package io.steelyard.model.describe;

import io.steelyard.model.Configuration;
import io.steelyard.model.Key;
import io.steelyard.model.Kind;
import io.steelyard.model.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The reference documentation of the configuration file in Markdown, made from the records. */
public final class ConfigurationReference {
  private static final String HEAD =
      """
      # Configuration

      <!-- Generated from the records of steelyard-model; see ShippedDescriptionsTest for how. -->

      One YAML file says everything. `steelyard check FILE` reads it as `steelyard run FILE` would and prints everything that
      is wrong, each with line and column; `docs/steelyard.schema.json` describes the file to editors. To have them complete
      and check while you type, begin the file with

      ```yaml
      # yaml-language-server: $schema=PATH/TO/steelyard.schema.json
      ```

      ## An example

      ```yaml
      """;

  private static final String NOTES =
      """
      ```

      ## Rules of the language

      - Every key is checked. An unknown one is an error, not ignored; so are a key that is given twice, a key without a
        value, and a second document.
      - **Durations** are a whole number and a unit: `250ms`, `2s`, `1m`, `1h`.
      - **Sizes** are a whole number and a unit: `512B`, `10kB`, `64KiB`, `10MB`, `1GiB`; without a unit they count bytes.
      - **Addresses** are `HOST:PORT`: `10.0.0.1:80`, `app.internal:80`, `"[::1]:80"` (YAML wants the quotes). To listen on
        every address of the machine, leave out the host: `:80` (within `{ }` in quotes, too).
      - **Names** of listeners and pools consist of letters, digits, `-`, `_` and `.`; at most 100 of them.
      - Text that looks like a number or like `true` has to be quoted.
      - Anchors and aliases (`&a`, `*a`) work; merge keys (`<<`) and tags (`!x`) are refused. JSON is accepted as well, being a
        part of YAML. A file has at most 4 MiB.
      """;

  private ConfigurationReference() {}

  /**
   * The documentation.
   *
   * @param example a configuration to show on top, in YAML
   */
  public static String markdown(String example) {
    var text = new StringBuilder(HEAD).append(example.strip()).append('\n').append(NOTES);
    for (var section : places(Shape.of(Configuration.class), "")) {
      append(text, section);
    }
    return text.toString();
  }

  /** A section and the path where it is found. */
  private record Place(Shape<?> shape, String path) {}

  private static List<Place> places(Shape<?> shape, String path) {
    var places = new ArrayList<Place>();
    places.add(new Place(shape, path));
    for (var key : shape.keys()) {
      places.addAll(places(key.kind(), path.isEmpty() ? key.name() : path + "." + key.name()));
    }
    return places;
  }

  private static List<Place> places(Kind kind, String path) {
    return switch (kind) {
      case Kind.Section section -> places(section.shape(), path);
      case Kind.Items items -> places(items.item(), path + "[]");
      case Kind.Named named -> places(named.value(), path + ".NAME");
      case Kind.Scalar _, Kind.Choice _, Kind.NameWithOptions _ -> List.of();
    };
  }

  private static void append(StringBuilder text, Place place) {
    var shape = place.shape();
    text.append("\n## ")
        .append(place.path().isEmpty() ? "The top" : "`" + place.path() + "`")
        .append("\n\n");
    text.append(shape.doc()).append("\n\n");
    if (shape.keys().isEmpty()) {
      text.append("It has no keys: `{}`.\n");
      return;
    }
    text.append("| Key | Value | Default | Meaning |\n|---|---|---|---|\n");
    for (var key : shape.keys()) {
      text.append("| `").append(key.name()).append("` | ").append(value(key));
      text.append(" | ")
          .append(fallback(key, shape))
          .append(" | ")
          .append(key.doc())
          .append(" |\n");
    }
  }

  private static String value(Key key) {
    var kind = kind(key.kind());
    return key.range() == null
        ? kind
        : kind + ", " + key.range().min() + " to " + key.range().max();
  }

  private static String kind(Kind kind) {
    return switch (kind) {
      case Kind.Scalar.TEXT -> "text";
      case Kind.Scalar.INTEGER, Kind.Scalar.NUMBER -> "number";
      case Kind.Scalar.BOOLEAN -> "`true` or `false`";
      case Kind.Scalar.RETRY_ON -> "word or status";
      case Kind.Scalar scalar -> scalar.name().toLowerCase(Locale.ROOT);
      case Kind.Choice choice ->
          choice.words().stream().map(word -> "`" + word + "`").collect(Collectors.joining(", "));
      case Kind.Section _ -> "section, see below";
      case Kind.Items(Kind.Scalar item) when item == Kind.Scalar.RETRY_ON ->
          "list of words and statuses";
      case Kind.Items(Kind.Scalar item) -> "list of " + kind(item) + "s";
      case Kind.Items _ -> "list, see below";
      case Kind.Named(Kind.Scalar value) -> kind(value) + "s by name";
      case Kind.Named _ -> "sections by name, see below";
      case Kind.NameWithOptions _ -> "name, or `{ NAME: { OPTION: VALUE } }`";
    };
  }

  private static String fallback(Key key, Shape<?> shape) {
    if (shape.exactlyOne().contains(key.name())) {
      if (shape.exactlyOne().size() > 3) {
        return "exactly one of " + shape.exactlyOne().size();
      }
      return "one of "
          + shape.exactlyOne().stream()
              .map(name -> "`" + name + "`")
              .collect(Collectors.joining(" and "));
    }
    if (key.required()) {
      return "**required**";
    }
    return key.fallback() == null ? "none" : "`" + key.fallback() + "`";
  }
}
