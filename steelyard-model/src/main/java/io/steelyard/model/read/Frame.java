package io.steelyard.model.read;

import io.steelyard.model.KeyPath;
import io.steelyard.model.Position;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A list or map whose end has not been read yet. */
abstract sealed class Frame {
  private final Position position;
  private final KeyPath path;
  private final @Nullable String anchor;
  private int size = 1;
  private int height;

  private Frame(Position position, KeyPath path, @Nullable String anchor) {
    this.position = position;
    this.path = path;
    this.anchor = anchor;
  }

  /**
   * A node that is complete.
   *
   * @param size how many nodes there are in it, itself included
   * @param height how many levels of lists and maps, itself included; 0 for a scalar
   */
  record Done(Node node, int size, int height) {}

  Position position() {
    return position;
  }

  KeyPath path() {
    return path;
  }

  @Nullable String anchor() {
    return anchor;
  }

  /** The path of what comes next. */
  abstract KeyPath childPath();

  /** Whether what comes next is the key of a map. */
  boolean expectsKey() {
    return false;
  }

  /** Takes what came next. */
  final void add(Done child, Problems problems) {
    size += child.size();
    height = Math.max(height, child.height());
    accept(child.node(), problems);
  }

  final Done close() {
    return new Done(node(), size, height + 1);
  }

  abstract void accept(Node child, Problems problems);

  abstract Node node();

  /** A list. */
  static final class OpenList extends Frame {
    private final List<Node> items = new ArrayList<>();

    OpenList(Position position, KeyPath path, @Nullable String anchor) {
      super(position, path, anchor);
    }

    @Override
    KeyPath childPath() {
      return path().item(items.size());
    }

    @Override
    void accept(Node child, Problems problems) {
      items.add(child);
    }

    @Override
    Node node() {
      return new Node.Items(items, position());
    }
  }

  /** A map: keys and values come in turn. */
  static final class OpenMap extends Frame {
    private final Map<String, Node.Entry> entries = new LinkedHashMap<>();
    private Node.@Nullable Scalar key;

    OpenMap(Position position, KeyPath path, @Nullable String anchor) {
      super(position, path, anchor);
    }

    @Override
    KeyPath childPath() {
      return key == null ? path() : path().key(key.text());
    }

    @Override
    boolean expectsKey() {
      return key == null;
    }

    @Override
    void accept(Node child, Problems problems) {
      if (key == null) {
        key = (Node.Scalar) child;
      } else {
        put(key, child, problems);
        key = null;
      }
    }

    private void put(Node.Scalar key, Node value, Problems problems) {
      var name = key.text();
      if (name.isEmpty()) {
        problems.error(path(), key.position(), "a value has no key, expected one before the ':'");
      } else if (name.equals("<<")) {
        problems.error(
            path(),
            key.position(),
            "the merge key << is not part of YAML 1.2, expected the keys themselves");
      } else {
        var first = entries.putIfAbsent(name, new Node.Entry(key.position(), value));
        if (first != null) {
          problems.error(
              path().key(name),
              key.position(),
              "is given twice, expected once; it is already at line " + first.key());
        }
      }
    }

    @Override
    Node node() {
      return new Node.Entries(entries, position());
    }
  }
}
