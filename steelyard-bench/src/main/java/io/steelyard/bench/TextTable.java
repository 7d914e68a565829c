package io.steelyard.bench;

import java.util.ArrayList;
import java.util.List;

/** Columns of text: the first is aligned left, the others right. */
final class TextTable {
  private static final String GAP = "  ";

  private final List<List<String>> rows = new ArrayList<>();

  TextTable(String... headings) {
    rows.add(List.of(headings));
  }

  /**
   * @throws IllegalArgumentException when there is not one cell for each heading
   */
  void row(String... cells) {
    if (cells.length != rows.getFirst().size()) {
      throw new IllegalArgumentException(
          "expected %d cells but found %d".formatted(rows.getFirst().size(), cells.length));
    }
    rows.add(List.of(cells));
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < row.size(); column++) {
        pad(line, row.get(column), column);
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  private void pad(StringBuilder line, String cell, int column) {
    int width = rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    String space = " ".repeat(width - cell.length());
    line.append(column == 0 ? cell + space : GAP + space + cell);
  }
}
