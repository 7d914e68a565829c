package io.steelyard.model;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What a text must look like. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Syntax {
  /** A regular expression for the whole text that Java and ECMAScript (JSON Schema) read alike. */
  String pattern();

  /** The same in words, to follow "expected". */
  String expected();
}
