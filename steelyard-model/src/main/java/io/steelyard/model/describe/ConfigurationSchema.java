package io.steelyard.model.describe;

import io.steelyard.model.Address;
import io.steelyard.model.ByteSize;
import io.steelyard.model.Cidr;
import io.steelyard.model.Configuration;
import io.steelyard.model.Durations;
import io.steelyard.model.Key;
import io.steelyard.model.Kind;
import io.steelyard.model.Names;
import io.steelyard.model.Range;
import io.steelyard.model.RetryOn;
import io.steelyard.model.Shape;
import io.steelyard.model.Statuses;
import io.steelyard.model.Words;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The JSON Schema (draft 2020-12) of the configuration file, made from the records. It knows the
 * form of every value; that names lead somewhere, addresses do not collide and durations are in
 * range, only {@code steelyard check} knows.
 */
public final class ConfigurationSchema {
  private ConfigurationSchema() {}

  /** The schema as JSON text. */
  public static String json() {
    var root = Shape.of(Configuration.class);
    var schema = new LinkedHashMap<String, Object>();
    schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    schema.put("title", "Steelyard configuration");
    schema.putAll(section(root));
    var definitions = new LinkedHashMap<String, Object>();
    for (var shape : Sections.of(root)) {
      if (shape != root) {
        definitions.put(shape.type().getSimpleName(), withShorthand(shape));
      }
    }
    schema.put("$defs", definitions);
    return Json.write(schema);
  }

  private static Map<String, Object> withShorthand(Shape<?> shape) {
    var shorthand = shape.shorthand();
    return shorthand == null
        ? section(shape)
        : Map.of("anyOf", List.of(kind(shorthand.kind()), section(shape)));
  }

  private static Map<String, Object> section(Shape<?> shape) {
    var properties = new LinkedHashMap<String, Object>();
    shape.keys().forEach(key -> properties.put(key.name(), property(key)));
    var schema = new LinkedHashMap<String, Object>();
    schema.put("description", shape.doc());
    schema.put("type", "object");
    schema.put("properties", properties);
    var required = shape.keys().stream().filter(Key::required).map(Key::name).toList();
    if (!required.isEmpty()) {
      schema.put("required", required);
    }
    if (!shape.exactlyOne().isEmpty()) {
      schema.put(
          "oneOf",
          shape.exactlyOne().stream().map(key -> Map.of("required", List.of(key))).toList());
    }
    schema.put("additionalProperties", false);
    return schema;
  }

  private static Map<String, Object> property(Key key) {
    var schema = new LinkedHashMap<String, Object>();
    schema.put("description", key.doc());
    schema.putAll(kind(key.kind()));
    if (key.syntax() != null) {
      schema.put("pattern", key.syntax().pattern());
    }
    if (key.range() != null) {
      putRange(schema, key.kind(), key.range());
    }
    if (key.notEmpty()) {
      putNotEmpty(schema, key.kind());
    }
    if (key.fallback() != null) {
      schema.put("default", defaultValue(key.kind(), key.fallback()));
    }
    return schema;
  }

  private static Map<String, Object> kind(Kind kind) {
    return switch (kind) {
      case Kind.Scalar scalar -> scalar(scalar);
      case Kind.Choice choice -> Map.of("enum", choice.words());
      case Kind.Section section -> Map.of("$ref", "#/$defs/" + section.type().getSimpleName());
      case Kind.Items items -> ordered("type", "array", "items", kind(items.item()));
      case Kind.Named named -> {
        var schema = ordered("type", "object", "propertyNames", Map.of("pattern", Names.SYNTAX));
        schema.put("additionalProperties", kind(named.value()));
        yield schema;
      }
      case Kind.NameWithOptions _ -> Map.of("anyOf", List.of(Map.of("type", "string"), options()));
    };
  }

  private static Map<String, Object> options() {
    var schema = ordered("type", "object", "minProperties", 1);
    schema.put("maxProperties", 1);
    schema.put("additionalProperties", Map.of("type", "object"));
    return schema;
  }

  private static Map<String, Object> scalar(Kind.Scalar kind) {
    return switch (kind) {
      case INTEGER -> Map.of("type", "integer");
      case NUMBER -> Map.of("type", "number");
      case BOOLEAN -> Map.of("type", "boolean");
      case TEXT -> Map.of("type", "string");
      case DURATION -> pattern(Durations.SYNTAX);
      case ADDRESS -> pattern(Address.SYNTAX);
      case SOCKETS -> pattern(Address.SOCKETS_SYNTAX);
      case CIDR -> pattern(Cidr.SYNTAX);
      case STATUSES ->
          Map.of(
              "anyOf",
              List.of(ordered("type", "integer", "minimum", 100), pattern(Statuses.SYNTAX)));
      case RETRY_ON ->
          Map.of(
              "anyOf",
              List.of(ordered("type", "integer", "minimum", 400), pattern(RetryOn.SYNTAX)));
      case SIZE ->
          Map.of(
              "anyOf", List.of(ordered("type", "integer", "minimum", 0), pattern(ByteSize.SYNTAX)));
    };
  }

  /** Only numbers have bounds that a schema can express; the others name them in words. */
  private static void putRange(Map<String, Object> schema, Kind kind, Range range) {
    if (kind == Kind.Scalar.INTEGER) {
      schema.put("minimum", Integer.valueOf(range.min()));
      schema.put("maximum", Integer.valueOf(range.max()));
    } else if (kind == Kind.Scalar.NUMBER) {
      schema.put("minimum", Double.valueOf(range.min()));
      schema.put("maximum", Double.valueOf(range.max()));
    } else {
      schema.merge(
          "description",
          " From " + range.min() + " to " + range.max() + ".",
          ConfigurationSchema::concat);
    }
  }

  private static Object concat(Object first, Object second) {
    return first.toString() + second;
  }

  private static void putNotEmpty(Map<String, Object> schema, Kind kind) {
    switch (kind) {
      case Kind.Scalar _ -> schema.put("minLength", 1);
      case Kind.Items _ -> schema.put("minItems", 1);
      case Kind.Section _, Kind.Named _ -> schema.put("minProperties", 1);
      case Kind.Choice _, Kind.NameWithOptions _ -> {}
    }
  }

  private static Object defaultValue(Kind kind, String word) {
    return switch (kind) {
      case Kind.Section _, Kind.Named _ -> Map.of();
      case Kind.Items items ->
          Words.items(word).stream().map(item -> defaultValue(items.item(), item)).toList();
      case Kind.Choice _, Kind.NameWithOptions _ -> word;
      case Kind.Scalar scalar ->
          switch (scalar) {
            case INTEGER -> Integer.valueOf(word);
            case NUMBER -> Double.valueOf(word);
            case BOOLEAN -> Boolean.valueOf(word);
            case TEXT, DURATION, SIZE, ADDRESS, SOCKETS, STATUSES, CIDR, RETRY_ON -> word;
          };
    };
  }

  private static Map<String, Object> pattern(String pattern) {
    return ordered("type", "string", "pattern", pattern);
  }

  private static Map<String, Object> ordered(
      String firstKey, Object first, String secondKey, Object second) {
    var map = new LinkedHashMap<String, Object>();
    map.put(firstKey, first);
    map.put(secondKey, second);
    return map;
  }
}
