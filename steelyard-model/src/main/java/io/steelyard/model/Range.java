package io.steelyard.model;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The smallest and the largest permitted value of a number, a duration or a size; both inclusive.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Range {
  /** The smallest permitted value, as a user would write it. */
  String min();

  /** The largest permitted value, as a user would write it. */
  String max();
}
