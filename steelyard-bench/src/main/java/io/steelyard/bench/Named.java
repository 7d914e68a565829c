package io.steelyard.bench;

import java.util.Arrays;
import java.util.stream.Collectors;

/** An enum constant that has a name of its own on the command line, in tables and in JSON. */
interface Named {
  String label();

  /**
   * The constant with this label.
   *
   * @throws IllegalArgumentException naming the labels that exist
   */
  static <E extends Enum<E> & Named> E parse(Class<E> type, String text) {
    for (E constant : type.getEnumConstants()) {
      if (constant.label().equals(text)) {
        return constant;
      }
    }
    throw new IllegalArgumentException(
        "expected one of " + labels(type) + " but found \"" + text + "\"");
  }

  static <E extends Enum<E> & Named> String labels(Class<E> type) {
    return Arrays.stream(type.getEnumConstants())
        .map(Named::label)
        .collect(Collectors.joining(", "));
  }
}
