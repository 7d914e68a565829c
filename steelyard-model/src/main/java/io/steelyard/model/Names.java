package io.steelyard.model;

import java.util.regex.Pattern;

/**
 * The names that a user gives to listeners and pools; they appear in logs, metrics and paths of the
 * API.
 */
public final class Names {
  /** The syntax, as a regular expression that Java and ECMAScript (JSON Schema) read alike. */
  public static final String SYNTAX = "^[A-Za-z0-9._-]{1,100}$";

  private static final Pattern PATTERN = Pattern.compile(SYNTAX);

  private Names() {}

  /** Whether the text can be a name. */
  public static boolean isName(String text) {
    return PATTERN.matcher(text).matches();
  }
}
