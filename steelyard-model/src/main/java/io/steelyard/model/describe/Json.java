package io.steelyard.model.describe;

import java.util.List;
import java.util.Map;

/** Writes maps, lists, strings, numbers and booleans as indented JSON (RFC 8259). */
final class Json {
  private final StringBuilder out = new StringBuilder();

  private Json() {}

  static String write(Object value) {
    var json = new Json();
    json.value(value, "\n");
    return json.out.append('\n').toString();
  }

  private void value(Object value, String newline) {
    switch (value) {
      case Map<?, ?> map when !map.isEmpty() -> map(map, newline);
      case Map<?, ?> _ -> out.append("{}");
      case List<?> list when !list.isEmpty() -> list(list, newline);
      case List<?> _ -> out.append("[]");
      case String text -> string(text);
      default -> out.append(value);
    }
  }

  private void map(Map<?, ?> map, String newline) {
    var separator = "{";
    for (var entry : map.entrySet()) {
      out.append(separator).append(newline).append("  ");
      string(entry.getKey().toString());
      out.append(": ");
      value(entry.getValue(), newline + "  ");
      separator = ",";
    }
    out.append(newline).append('}');
  }

  private void list(List<?> list, String newline) {
    var separator = "[";
    for (var item : list) {
      out.append(separator).append(newline).append("  ");
      value(item, newline + "  ");
      separator = ",";
    }
    out.append(newline).append(']');
  }

  private void string(String text) {
    out.append('"');
    text.chars().forEach(c -> character((char) c));
    out.append('"');
  }

  private void character(char c) {
    if (c == '"' || c == '\\') {
      out.append('\\').append(c);
    } else {
      out.append(c < ' ' ? String.format("\\u%04x", (int) c) : c);
    }
  }
}
