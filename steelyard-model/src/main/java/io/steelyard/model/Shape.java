package io.steelyard.model;

import static java.util.Objects.requireNonNull;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A section of the configuration, described by a record: its keys in order, and how to make one.
 * Thread-safe; one instance per record class.
 *
 * @param <T> the record
 */
public final class Shape<T extends Record> {
  private static final ClassValue<Shape<?>> SHAPES =
      new ClassValue<>() {
        @Override
        protected Shape<?> computeValue(Class<?> type) {
          return new Shape<>(type.asSubclass(Record.class));
        }
      };

  private final Class<T> type;
  private final Constructor<T> constructor;
  private final List<RecordComponent> components;
  private final List<Key> keys;

  private Shape(Class<T> type) {
    this.type = type;
    this.components = List.of(type.getRecordComponents());
    this.keys = components.stream().map(Key::of).toList();
    try {
      constructor =
          type.getDeclaredConstructor(
              components.stream().map(RecordComponent::getType).toArray(Class<?>[]::new));
    } catch (NoSuchMethodException e) {
      throw new AssertionError("a record has a canonical constructor", e);
    }
  }

  /** The description of a record. */
  @SuppressWarnings("unchecked") // computeValue makes the shape of exactly this class
  public static <T extends Record> Shape<T> of(Class<T> type) {
    return (Shape<T>) SHAPES.get(type);
  }

  /** The record. */
  public Class<T> type() {
    return type;
  }

  /** The keys, in the order of the record's components. */
  public List<Key> keys() {
    return keys;
  }

  /** What the section is, in words for its user. */
  public String doc() {
    var doc = type.getAnnotation(Doc.class);
    return requireNonNull(doc, () -> type + " has no @Doc").value();
  }

  /**
   * The key that a single value in place of the section belongs to; null when a single value is not
   * understood.
   */
  public @Nullable Key shorthand() {
    var shorthand = type.getAnnotation(Shorthand.class);
    return shorthand == null ? null : key(shorthand.value());
  }

  /** The names of keys of which exactly one must be given; empty when there is no such rule. */
  public List<String> exactlyOne() {
    var rule = type.getAnnotation(ExactlyOne.class);
    return rule == null ? List.of() : List.of(rule.value());
  }

  private Key key(String component) {
    return keys.stream().filter(k -> k.component().equals(component)).findFirst().orElseThrow();
  }

  /** The record with every key at its default; for sections that can be left out. */
  public T defaults() {
    return create(keys.stream().map(Key::defaultValue).toArray());
  }

  /** The default of one component; it must have one. */
  @SuppressWarnings({
    "unchecked",
    "TypeParameterUnusedInFormals"
  }) // the caller names the component's own type
  <V> V defaultOf(String component) {
    return (V) requireNonNull(key(component).defaultValue(), component);
  }

  /**
   * Makes a record.
   *
   * @param values one for each key, in order
   */
  public T create(@Nullable Object... values) {
    try {
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      throw new IllegalArgumentException(
          type.getSimpleName() + Arrays.toString(values), e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(type + " is not accessible", e);
    }
  }

  /** This section with one component changed; as unsafe as its caller's choice of names. */
  T with(T section, String component, @Nullable Object value) {
    int changed = keys.indexOf(key(component));
    @Nullable Object[] values = new Object[keys.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = i == changed ? value : get(section, i);
    }
    return create(values);
  }

  /** The value of the key with this number. */
  public @Nullable Object get(Record section, int key) {
    try {
      return components.get(key).getAccessor().invoke(section);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(type + " is not accessible", e);
    }
  }
}
