package io.steelyard.health.probe;

import com.google.re2j.Pattern;
import java.util.HashMap;
import java.util.Map;

/** What earlier steps of a probe have saved. Used by one thread. */
final class Values {
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^}]*)\\}");

  private final Map<String, String> values = new HashMap<>();

  void put(String name, String value) {
    values.put(name, value);
  }

  /** The text with {@code ${NAME}} replaced by what was saved under that name. */
  String fill(String text) {
    if (values.isEmpty()) {
      return text;
    }
    var matcher = VARIABLE.matcher(text);
    var filled = new StringBuilder();
    int end = 0;
    while (matcher.find()) {
      var value = values.get(matcher.group(1));
      filled.append(text, end, matcher.start()).append(value == null ? matcher.group() : value);
      end = matcher.end();
    }
    return filled.append(text, end, text.length()).toString();
  }
}
