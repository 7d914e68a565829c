package io.steelyard.model;

/**
 * A place in a text.
 *
 * @param line the line, from 1
 * @param column the character within the line, from 1
 */
public record Position(int line, int column) {
  /** {@code LINE:COLUMN}, as compilers print it. */
  @Override
  public String toString() {
    return line + ":" + column;
  }
}
