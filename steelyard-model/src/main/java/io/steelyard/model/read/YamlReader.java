package io.steelyard.model.read;

import io.steelyard.model.KeyPath;
import io.steelyard.model.Position;
import io.steelyard.model.Quote;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;

/**
 * Builds nodes from the events of a YAML parser, one document of a text. Not recursive, so that
 * depth costs no stack. An alias shares the node of its anchor, so that repetition costs no memory,
 * and counts in full, so that it cannot cost much time later.
 */
final class YamlReader {
  /** How deep lists and maps may lie in each other. A configuration needs about ten levels. */
  static final int DEEPEST = 64;

  /** How many values a document may have, those that aliases repeat counted each time. */
  static final int MOST_VALUES = 1_000_000;

  private final YamlEvents events;
  private final Problems problems;
  private final Deque<Frame> open = new ArrayDeque<>();
  private final Map<String, Frame.Done> anchors = new HashMap<>();
  private int values;
  private @Nullable Node root;

  private YamlReader(YamlEvents events, Problems problems) {
    this.events = events;
    this.problems = problems;
  }

  /**
   * Reads a text with one document.
   *
   * @param problems receives what is wrong but does not keep the rest from being read
   * @return the document; null when there is none
   * @throws Unreadable when the rest cannot be read
   */
  static @Nullable Node read(String text, Problems problems) throws Unreadable {
    return new YamlReader(new YamlEvents(text), problems).document();
  }

  private @Nullable Node document() throws Unreadable {
    int documents = 0;
    for (var event = events.next(); event != null; event = events.next()) {
      if (event.getEventId() == Event.ID.DocumentStart && ++documents > 1) {
        problems.error(
            KeyPath.ROOT,
            YamlEvents.start(event),
            "a second document begins here, expected one document in a file");
        break;
      }
      take(event);
    }
    return root;
  }

  private void take(Event event) throws Unreadable {
    switch (event.getEventId()) {
      case StreamStart, StreamEnd, DocumentStart, DocumentEnd, Comment -> {}
      case Scalar -> scalar((ScalarEvent) event);
      case Alias -> alias((AliasEvent) event);
      case SequenceStart, MappingStart -> begin((CollectionStartEvent) event);
      case SequenceEnd, MappingEnd -> end();
    }
  }

  private void scalar(ScalarEvent event) throws Unreadable {
    var position = YamlEvents.start(event);
    event.getTag().ifPresent(tag -> refuseTag(tag, position));
    var type = event.isPlain() ? Node.Type.ofPlain(event.getValue()) : Node.Type.TEXT;
    var scalar = new Frame.Done(new Node.Scalar(event.getValue(), type, position), 1, 0);
    event.getAnchor().ifPresent(anchor -> anchors.put(anchor.getValue(), scalar));
    count(1, position);
    attach(scalar, position);
  }

  private void begin(CollectionStartEvent event) throws Unreadable {
    var position = YamlEvents.start(event);
    event.getTag().ifPresent(tag -> refuseTag(tag, position));
    checkDepth(1, position);
    count(1, position);
    var parent = open.peek();
    if (parent != null && parent.expectsKey()) {
      throw keyExpected(position);
    }
    var path = parent == null ? KeyPath.ROOT : parent.childPath();
    var anchor = event.getAnchor().map(Anchor::getValue).orElse(null);
    if (anchor != null) {
      anchors.remove(anchor); // an alias to it has to wait for its end
    }
    open.push(
        event instanceof MappingStartEvent
            ? new Frame.OpenMap(position, path, anchor)
            : new Frame.OpenList(position, path, anchor));
  }

  private void end() throws Unreadable {
    var frame = open.pop();
    var done = frame.close();
    if (frame.anchor() != null) {
      anchors.put(frame.anchor(), done);
    }
    attach(done, frame.position());
  }

  private void alias(AliasEvent event) throws Unreadable {
    var name = event.getAlias().getValue();
    var position = YamlEvents.start(event);
    var target = anchors.get(name);
    if (target == null) {
      throw new Unreadable(noAnchor(name), position);
    }
    checkDepth(target.height(), position);
    count(target.size(), position);
    attach(target, position);
  }

  private String noAnchor(String name) {
    boolean recursive = open.stream().anyMatch(frame -> name.equals(frame.anchor()));
    return recursive
        ? "alias " + Quote.of(name) + " lies inside of what it stands for, expected it after that"
        : "alias "
            + Quote.of(name)
            + " stands for nothing, expected an anchor of this name before it";
  }

  private void attach(Frame.Done done, Position position) throws Unreadable {
    var parent = open.peek();
    if (parent == null) {
      root = done.node();
      return;
    }
    if (parent.expectsKey() && !(done.node() instanceof Node.Scalar)) {
      throw keyExpected(position);
    }
    parent.add(done, problems);
  }

  private static Unreadable keyExpected(Position position) {
    return new Unreadable("a list or map cannot be a key, expected a word", position);
  }

  private void refuseTag(String tag, Position position) {
    problems.error(
        open.isEmpty() ? KeyPath.ROOT : open.element().childPath(),
        position,
        "has the tag " + Quote.of(tag) + ", expected a value without a tag");
  }

  private void count(int more, Position position) throws Unreadable {
    values += more;
    if (values > MOST_VALUES) {
      throw new Unreadable(
          "there are more than "
              + MOST_VALUES
              + " values once all aliases are followed, expected fewer",
          position);
    }
  }

  private void checkDepth(int more, Position position) throws Unreadable {
    if (open.size() + more > DEEPEST) {
      throw new Unreadable(
          "lists and maps lie more than " + DEEPEST + " levels deep in each other, expected fewer",
          position);
    }
  }
}
