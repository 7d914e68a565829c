package io.steelyard.model;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One key of a section, described by the annotations of a record component. Reading, checking, the
 * JSON Schema and the reference documentation all work from this description.
 *
 * @param name the key as a user writes it: the component's name in kebab-case
 * @param component the component's name
 * @param kind what values it takes
 * @param doc what it means
 * @param fallback the value of the absent key as a user would write it; null when there is none
 * @param optional whether it may be absent without a default
 * @param range the permitted values; null when any will do
 * @param syntax what a text must look like; null when any will do
 * @param notEmpty whether an empty text, list, map or section is refused
 * @param renamed its former name; null when it always had this one
 */
public record Key(
    String name,
    String component,
    Kind kind,
    String doc,
    @Nullable String fallback,
    boolean optional,
    @Nullable Range range,
    @Nullable Syntax syntax,
    boolean notEmpty,
    @Nullable Renamed renamed) {
  static Key of(RecordComponent component) {
    var doc = component.getAnnotation(Doc.class);
    if (doc == null) {
      throw new IllegalStateException(component + " has no @Doc");
    }
    var fallback = component.getAnnotation(Default.class);
    return new Key(
        kebab(component.getName()),
        component.getName(),
        component.isAnnotationPresent(Sockets.class)
            ? Kind.Scalar.SOCKETS
            : kind(component.getGenericType()),
        doc.value(),
        fallback == null ? null : fallback.value(),
        component.getAnnotatedType().isAnnotationPresent(Nullable.class),
        component.getAnnotation(Range.class),
        component.getAnnotation(Syntax.class),
        component.isAnnotationPresent(NotEmpty.class),
        component.getAnnotation(Renamed.class));
  }

  /** Whether the key must be given. */
  public boolean required() {
    return fallback == null && !optional;
  }

  /** The value that stands for the absent key; null when it is optional or required. */
  public @Nullable Object defaultValue() {
    if (fallback == null) {
      return null;
    }
    return switch (kind) {
      case Kind.Section section -> section.shape().defaults();
      case Kind.Items items -> defaultItems(items, fallback);
      case Kind.Named _ -> Map.of();
      case Kind.NameWithOptions _ -> BalancerSpec.of(fallback);
      case Kind.Choice choice -> Words.choice(choice, fallback);
      case Kind.Scalar scalar -> Words.scalar(scalar, fallback);
    };
  }

  private static List<Object> defaultItems(Kind.Items items, String list) {
    return items.item() instanceof Kind.Scalar kind
        ? Words.items(list).stream().map(word -> Words.scalar(kind, word)).toList()
        : List.of();
  }

  private static Kind kind(Type type) {
    return switch (type) {
      case ParameterizedType list when list.getRawType() == List.class ->
          new Kind.Items(kind(list.getActualTypeArguments()[0]));
      case ParameterizedType map when map.getRawType() == Map.class ->
          new Kind.Named(kind(map.getActualTypeArguments()[1]));
      case Class<?> raw -> kind(raw);
      default -> throw new IllegalStateException("no kind of value for " + type);
    };
  }

  private static Kind kind(Class<?> type) {
    if (type == int.class) {
      return Kind.Scalar.INTEGER;
    }
    if (type == double.class || type == Double.class) {
      return Kind.Scalar.NUMBER;
    }
    if (type == boolean.class) {
      return Kind.Scalar.BOOLEAN;
    }
    if (type == String.class) {
      return Kind.Scalar.TEXT;
    }
    if (type == Duration.class) {
      return Kind.Scalar.DURATION;
    }
    if (type == ByteSize.class) {
      return Kind.Scalar.SIZE;
    }
    if (type == Address.class) {
      return Kind.Scalar.ADDRESS;
    }
    if (type == Cidr.class) {
      return Kind.Scalar.CIDR;
    }
    if (type == Statuses.class) {
      return Kind.Scalar.STATUSES;
    }
    if (type == RetryOn.class) {
      return Kind.Scalar.RETRY_ON;
    }
    if (type == BalancerSpec.class) {
      return new Kind.NameWithOptions();
    }
    if (type.isEnum()) {
      return new Kind.Choice(
          Arrays.stream(type.getEnumConstants()).<Enum<?>>map(Enum.class::cast).toList());
    }
    return new Kind.Section(type.asSubclass(Record.class));
  }

  /** {@code headSize} as {@code head-size}. */
  private static String kebab(String component) {
    return component.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }
}
