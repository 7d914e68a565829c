package io.steelyard.server.admin;

import java.util.List;

/** Writes HTML; all text is escaped. */
final class Html {
  private final StringBuilder out = new StringBuilder(4096);

  /** Markup of ours, as it is. */
  Html markup(String markup) {
    out.append(markup);
    return this;
  }

  /** Text from anywhere. */
  Html text(Object text) {
    String raw = String.valueOf(text);
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      switch (c) {
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '&' -> out.append("&amp;");
        case '"' -> out.append("&quot;");
        case '\'' -> out.append("&#39;");
        default -> out.append(c);
      }
    }
    return this;
  }

  /** A table; numbers are aligned to the right. */
  Html table(List<String> columns, List<? extends List<?>> rows) {
    markup("<table><thead><tr>");
    columns.forEach(column -> markup("<th>").text(column).markup("</th>"));
    markup("</tr></thead><tbody>\n");
    for (List<?> row : rows) {
      markup("<tr>");
      row.forEach(this::cell);
      markup("</tr>\n");
    }
    return markup("</tbody></table>\n");
  }

  private void cell(Object value) {
    markup(value instanceof Number ? "<td class=\"n\">" : "<td>").text(value).markup("</td>");
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
