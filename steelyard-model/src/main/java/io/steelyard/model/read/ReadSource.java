package io.steelyard.model.read;

import static java.util.Objects.requireNonNull;

import io.steelyard.model.KeyPath;
import io.steelyard.model.Position;
import io.steelyard.model.check.Source;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Answers a validator's questions about a document and what could not be read of it. */
final class ReadSource implements Source {
  private final Node root;
  private final Set<KeyPath> broken = new HashSet<>();
  private final Set<KeyPath> aboveBroken = new HashSet<>();

  ReadSource(Node root) {
    this.root = root;
  }

  /** Remembers that a value could not be read. */
  void markBroken(KeyPath path) {
    broken.add(path);
    for (var above = path.parent();
        above != null && aboveBroken.add(above);
        above = above.parent()) {}
  }

  @Override
  public boolean isBroken(KeyPath path) {
    for (@Nullable KeyPath here = path; here != null; here = here.parent()) {
      if (broken.contains(here)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public boolean isDoubtful(KeyPath path) {
    return aboveBroken.contains(path) || isBroken(path);
  }

  /**
   * A scalar's own place; that of the key for what is longer, since its first line is where people
   * look for it.
   */
  @Override
  public Position position(KeyPath path) {
    return find(path).position();
  }

  private Place find(KeyPath path) {
    var parent = path.parent();
    if (parent == null) {
      return new Place(root, root.position());
    }
    var above = find(parent);
    return switch (above.node()) {
      case Node.Entries map when map.entries().get(path.key()) != null -> entry(map, path.key());
      case Node.Items list when path.index() >= 0 && path.index() < list.items().size() ->
          new Place(list.items().get(path.index()), list.items().get(path.index()).position());
      case Node.Entries _, Node.Items _, Node.Scalar _ -> above;
    };
  }

  private static Place entry(Node.Entries map, String key) {
    var entry = requireNonNull(map.entries().get(key));
    var value = entry.value();
    return new Place(value, value instanceof Node.Scalar ? value.position() : entry.key());
  }

  private record Place(Node node, Position position) {}
}
