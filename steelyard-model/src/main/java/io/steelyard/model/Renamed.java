package io.steelyard.model;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The name that a key had in earlier releases. A file that still uses it is told the new name
 * instead of "unknown key".
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Renamed {
  /** The former key. */
  String from();

  /** The release that renamed it. */
  String in();
}
