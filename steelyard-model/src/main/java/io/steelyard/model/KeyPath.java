package io.steelyard.model;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The way from the top of a configuration to one of its values.
 *
 * @param parent the way to the map or list that holds the value; null at the top
 * @param key the key in that map; empty in a list and at the top
 * @param index the index in that list, from 0; -1 in a map and at the top
 */
public record KeyPath(@Nullable KeyPath parent, String key, int index) {
  /** The top. */
  public static final KeyPath ROOT = new KeyPath(null, "", -1);

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_-]{1,80}");

  /** The way to a key of the map that this leads to. */
  public KeyPath key(String name) {
    return new KeyPath(this, name, -1);
  }

  /** The way to an item of the list that this leads to. */
  public KeyPath item(int number) {
    return new KeyPath(this, "", number);
  }

  /**
   * As messages show it: {@code listeners.web.routes[1].pool}; keys with other characters as {@code
   * ['a.b']}.
   */
  @Override
  public String toString() {
    if (parent == null) {
      return "";
    }
    var before = parent.toString();
    if (index >= 0) {
      return before + "[" + index + "]";
    }
    if (!PLAIN.matcher(key).matches()) {
      return before + "[" + Quote.of(key) + "]";
    }
    return before.isEmpty() ? key : before + "." + key;
  }
}
