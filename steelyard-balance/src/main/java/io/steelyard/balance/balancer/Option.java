package io.steelyard.balance.balancer;

import static java.util.Objects.requireNonNull;

import io.steelyard.model.Durations;
import io.steelyard.model.Kind;
import io.steelyard.model.Quote;
import io.steelyard.model.Words;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An option of a balancer: its name, its type, and what holds when it is absent. Immutable.
 *
 * @param <T> the type of its values
 */
public final class Option<T> {
  private final String name;
  private final String expected;
  private final T ifAbsent;
  private final Reader<T> reader;

  private Option(String name, String expected, T ifAbsent, Reader<T> reader) {
    this.name = requireNonNull(name, "name");
    this.expected = expected;
    this.ifAbsent = requireNonNull(ifAbsent, "ifAbsent");
    this.reader = reader;
  }

  /** Yes or no. */
  public static Option<Boolean> flag(String name, boolean ifAbsent) {
    return new Option<>(
        name, "true or false", ifAbsent, found -> found instanceof Boolean flag ? flag : null);
  }

  /** A whole number between two bounds, both inclusive. */
  public static Option<Long> integer(String name, long ifAbsent, long min, long max) {
    return new Option<>(
        name,
        "a whole number from " + min + " to " + max,
        ifAbsent,
        found -> isWhole(found) ? within(((Number) found).longValue(), min, max) : null);
  }

  /** A number between two bounds, both inclusive. */
  public static Option<Double> number(String name, double ifAbsent, double min, double max) {
    return new Option<>(
        name,
        "a number from " + plain(min) + " to " + plain(max),
        ifAbsent,
        found ->
            isWhole(found) || found instanceof Double
                ? within(((Number) found).doubleValue(), min, max)
                : null);
  }

  /** A length of time between two bounds, both inclusive, written as {@link Durations} does. */
  public static Option<Duration> duration(
      String name, Duration ifAbsent, Duration min, Duration max) {
    return new Option<>(
        name,
        "a duration from " + Durations.format(min) + " to " + Durations.format(max),
        ifAbsent,
        found -> found instanceof String text ? within(duration(text), min, max) : null);
  }

  private static @Nullable Duration duration(String text) {
    try {
      return Durations.parse(text);
    } catch (IllegalArgumentException e) {
      return null; // the message that follows says what was expected
    }
  }

  /** Numbers by name, each between two bounds, both inclusive. */
  public static Option<Map<String, Double>> numbers(
      String name, Map<String, Double> ifAbsent, double min, double max) {
    return new Option<>(
        name,
        "a map of names to numbers from " + plain(min) + " to " + plain(max),
        Collections.unmodifiableMap(new TreeMap<>(ifAbsent)),
        found -> found instanceof Map<?, ?> map ? numbers(map, min, max) : null);
  }

  /** In alphabetical order, so that sums are always the same; null when something is no number. */
  private static @Nullable Map<String, Double> numbers(Map<?, ?> map, double min, double max) {
    var numbers = new TreeMap<String, Double>();
    for (var entry : map.entrySet()) {
      boolean isNumber = isWhole(entry.getValue()) || entry.getValue() instanceof Double;
      if (!isNumber || !(entry.getKey() instanceof String name)) {
        return null;
      }
      var number = within(((Number) entry.getValue()).doubleValue(), min, max);
      if (number == null) {
        return null;
      }
      numbers.put(name, number);
    }
    return Collections.unmodifiableMap(numbers);
  }

  /** Any text that is not empty. */
  public static Option<String> text(String name, String ifAbsent) {
    return new Option<>(
        name,
        "a text",
        ifAbsent,
        found -> found instanceof String text && !text.isEmpty() ? text : null);
  }

  /** One of an enum's constants, written in kebab-case. */
  public static <E extends Enum<E>> Option<E> choice(String name, E ifAbsent) {
    var constants = List.of(ifAbsent.getDeclaringClass().getEnumConstants());
    return new Option<>(
        name,
        Words.alternatives(constants.stream().map(Kind.Choice::word).toList()),
        ifAbsent,
        found ->
            constants.stream()
                .filter(constant -> Kind.Choice.word(constant).equals(found))
                .findFirst()
                .orElse(null));
  }

  /**
   * Whatever a function makes of it.
   *
   * @param reader null for what is no value of the option; or it throws an IllegalArgumentException
   *     that says what is wrong
   */
  static <T> Option<T> of(
      String name, String expected, T ifAbsent, Function<Object, @Nullable T> reader) {
    return new Option<>(name, expected, ifAbsent, reader::apply);
  }

  /** The option's name in a configuration, in kebab-case. */
  public String name() {
    return name;
  }

  /** Which values it takes, in words. */
  public String expected() {
    return expected;
  }

  /** What holds when the option is absent. */
  public T ifAbsent() {
    return ifAbsent;
  }

  /**
   * Reads what a configuration says.
   *
   * @param found a String, Boolean, Long, Double, List or Map; null when the option is absent
   * @throws IllegalArgumentException when it is no value of this option; the message says what was
   *     expected
   */
  T read(@Nullable Object found) {
    if (found == null) {
      return ifAbsent;
    }
    var value = reader.read(found);
    if (value == null) {
      throw new IllegalArgumentException(describe(found) + ", expected " + expected);
    }
    return value;
  }

  /** The name and the values it takes. */
  @Override
  public String toString() {
    return name + ": " + expected;
  }

  private static boolean isWhole(Object found) {
    return found instanceof Long || found instanceof Integer;
  }

  private static <N extends Comparable<N>> @Nullable N within(@Nullable N value, N min, N max) {
    return value != null && value.compareTo(min) >= 0 && value.compareTo(max) <= 0 ? value : null;
  }

  private static String plain(double bound) {
    return bound == Math.rint(bound) && Math.abs(bound) < 1e15
        ? Long.toString((long) bound)
        : Double.toString(bound);
  }

  private static String describe(Object found) {
    return switch (found) {
      case String text -> Quote.of(text);
      case List<?> list -> "a list";
      case Map<?, ?> map -> "a map";
      default -> found.toString();
    };
  }

  /** Takes a value as the option's type. */
  @FunctionalInterface
  private interface Reader<T> {
    /** Null when it is no value of the option. */
    @Nullable T read(Object found);
  }
}
