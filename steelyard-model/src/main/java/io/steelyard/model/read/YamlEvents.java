package io.steelyard.model.read;

import io.steelyard.model.Position;
import io.steelyard.model.Quote;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.parser.Parser;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/** The events of a YAML text, with errors of syntax in words for the person who wrote it. */
final class YamlEvents {
  private static final int SMALLEST_BUFFER = 1 << 10;
  private static final int LARGEST_BUFFER = 1 << 18;

  private final String text;
  private final Parser parser;
  private Position last = new Position(1, 1);

  YamlEvents(String text) {
    this.text = text;
    var settings =
        LoadSettings.builder()
            .setUseMarks(true)
            .setParseComments(false)
            // The size was checked before, and the limit is the caller's.
            .setCodePointLimit(Integer.MAX_VALUE)
            // A longer token than the buffer costs the square of its length divided by the
            // buffer's.
            .setBufferSize(Math.clamp(text.length(), SMALLEST_BUFFER, LARGEST_BUFFER))
            .build();
    this.parser = new ParserImpl(settings, new StreamReader(settings, text));
  }

  /** The next event; null after the last. */
  @Nullable Event next() throws Unreadable {
    try {
      if (!parser.hasNext()) {
        return null;
      }
      var event = parser.next();
      last = start(event);
      return event;
    } catch (MarkedYamlEngineException e) {
      throw explain(e);
    } catch (RuntimeException e) {
      // The library lets slip what it did not think of, such as NumberFormatException for %YAML
      // 99999999999.1
      throw new Unreadable(
          "is not YAML from here on: " + Quote.message(String.valueOf(e.getMessage())), last);
    }
  }

  /** Where an event begins. */
  static Position start(Event event) {
    return position(event.getStartMark()).orElseThrow(NoSuchElementException::new);
  }

  private static Optional<Position> position(Optional<Mark> mark) {
    return mark.map(m -> new Position(m.getLine() + 1, m.getColumn() + 1));
  }

  private Unreadable explain(MarkedYamlEngineException e) {
    var position = position(e.getProblemMark()).orElse(last);
    var line = line(position);
    var tab = tab(line, position.column());
    if (tab >= 0) {
      return new Unreadable(
          "a tab is not permitted here, expected spaces: YAML is indented with spaces",
          new Position(position.line(), tab + 1));
    }
    return new Unreadable(
        "is not YAML: " + Quote.message(problem(e)) + hint(line, position.column()), position);
  }

  private static String problem(MarkedYamlEngineException e) {
    var problem = e.getProblem() == null ? "syntax error" : e.getProblem();
    if (problem.startsWith("mapping values are not allowed")) {
      return "a ':' that cannot be here, expected another indentation, or quotes around a text with ': '";
    }
    var begin =
        position(e.getContextMark()).map(at -> " (which begins at line " + at + ")").orElse("");
    return e.getContext() == null ? problem : e.getContext() + begin + ": " + problem;
  }

  private String line(Position position) {
    return text.lines().skip(position.line() - 1L).findFirst().orElse("");
  }

  /**
   * The index of the tab that is to blame: the one in the indentation or at the column; -1 when
   * there is none.
   */
  private static int tab(String line, int column) {
    int indentation = 0;
    while (indentation < line.length() && Character.isWhitespace(line.charAt(indentation))) {
      if (line.charAt(indentation) == '\t') {
        return indentation;
      }
      indentation++;
    }
    return column <= line.length() && line.charAt(column - 1) == '\t' ? column - 1 : -1;
  }

  /** Addresses trip over YAML's own use of brackets and colons. */
  private static String hint(String line, int column) {
    if (line.contains("]:")) {
      return " (an IPv6 address has to be quoted: \"[::1]:80\")";
    }
    boolean port =
        line.startsWith(":", column - 1)
            && line.length() > column
            && Character.isDigit(line.charAt(column));
    return port ? " (within { } and [ ] an address without a host has to be quoted: \":80\")" : "";
  }
}
