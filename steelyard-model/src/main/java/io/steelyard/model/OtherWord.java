package io.steelyard.model;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Words that people bring from elsewhere and that a choice does not take: what is said of them. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@Repeatable(OtherWord.All.class)
public @interface OtherWord {
  /** The words. */
  String[] value();

  /** Whose word it is, why it is not taken, and what to use in its place. */
  String why();

  /** What the compiler makes of several of them. */
  @Retention(RetentionPolicy.RUNTIME)
  @Target(ElementType.TYPE)
  @interface All {
    /** All of a choice. */
    OtherWord[] value();
  }
}
