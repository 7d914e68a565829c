package io.steelyard.balance.report;

import io.steelyard.balance.LoadReport;
import org.jspecify.annotations.Nullable;

/**
 * Load as a JSON object over HTTP: {@code {"cpu": 0.9, "disk": {"io": 0.2}}}. Numbers are metrics;
 * those of objects within get the names joined, {@code disk.io}. Texts, truth values, nulls and
 * arrays are passed over. Numbers are fractions, or what they are; there are no percentages.
 *
 * <p>Source: RFC 8259, read leniently: a text that ends or errs midway gives what was read before.
 */
public final class JsonLoad {
  private static final int LONGEST = 8 * 1024;
  private static final int DEEPEST = 8;

  private final String text;
  private final String flattened;
  private final Metrics metrics = new Metrics();
  private int at;

  private JsonLoad(String text, String flattened) {
    this.text = text.length() > LONGEST ? text.substring(0, LONGEST) : text;
    this.flattened = flattened;
  }

  /** The metrics in an object; what makes no sense is left out, at worst everything. */
  public static LoadReport parse(String text, long now) {
    return parse(text, "", now);
  }

  /**
   * The same.
   *
   * @param flattened the object of this name counts as if its members stood outside of it
   */
  static LoadReport parse(String text, String flattened, long now) {
    var json = new JsonLoad(text, flattened);
    json.value("", 0);
    return json.metrics.report(now);
  }

  /** Whether there was a value; what is not is the end of all reading. */
  private boolean value(String name, int depth) {
    return switch (peek()) {
      case '{' -> object(name, depth + 1);
      case '[' -> array(depth + 1);
      case '"' -> string() != null;
      case '\0' -> false;
      default -> scalar(name);
    };
  }

  private boolean object(String name, int depth) {
    at++;
    if (depth > DEEPEST) {
      return false;
    }
    if (peek() == '}') {
      at++;
      return true;
    }
    var prefix = name.isEmpty() || name.equals(flattened) ? "" : name + ".";
    while (true) {
      var member = peek() == '"' ? string() : null;
      if (member == null || peek() != ':') {
        return false;
      }
      at++;
      if (!value(prefix + member, depth)) {
        return false;
      }
      if (peek() != ',') {
        return closes('}');
      }
      at++;
    }
  }

  private boolean array(int depth) {
    at++;
    if (depth > DEEPEST) {
      return false;
    }
    if (peek() == ']') {
      at++;
      return true;
    }
    while (value("", depth)) {
      if (peek() != ',') {
        return closes(']');
      }
      at++;
    }
    return false;
  }

  private boolean closes(char bracket) {
    boolean closes = peek() == bracket;
    at++;
    return closes;
  }

  /** What is between the quotes; null when it does not end. Escapes stay as they are. */
  private @Nullable String string() {
    int start = ++at;
    while (at < text.length() && text.charAt(at) != '"') {
      at += text.charAt(at) == '\\' ? 2 : 1;
    }
    return at < text.length() ? text.substring(start, at++) : null;
  }

  private boolean scalar(String name) {
    int start = at;
    while (at < text.length() && ",]} \t\r\n".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    metrics.add(name, Metrics.number(text.substring(start, at)));
    return at > start;
  }

  /** The next character that is no space; 0 at the end. */
  private char peek() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    return at < text.length() ? text.charAt(at) : '\0';
  }
}
