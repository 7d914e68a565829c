package io.steelyard.model;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The value of a key that is absent. A key with neither a default nor a nullable type must be
 * given.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Default {
  /**
   * The value as a user would write it: {@code 10s}, {@code 32KiB}, {@code true}. {@code {}} stands
   * for a section with all its defaults, {@code []} for an empty list.
   */
  String value();
}
