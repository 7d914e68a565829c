package io.steelyard.server.simulate;

import java.util.ArrayList;
import java.util.List;

/** A table in plain text: the first column to the left, all others to the right. */
final class TextTable {
  private final List<List<String>> rows = new ArrayList<>();

  TextTable(String... columns) {
    rows.add(List.of(columns));
  }

  void row(String... cells) {
    if (cells.length != rows.getFirst().size()) {
      throw new IllegalArgumentException(
          cells.length + " cells, expected " + rows.getFirst().size());
    }
    rows.add(List.of(cells));
  }

  String text() {
    var text = new StringBuilder();
    for (var row : rows) {
      var line = new StringBuilder();
      for (int i = 0; i < row.size(); i++) {
        var gap = " ".repeat(width(i) - row.get(i).length());
        line.append(i == 0 ? row.get(i) + gap : "  " + gap + row.get(i));
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  private int width(int column) {
    return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
  }
}
