package io.steelyard.proxy.route;

import io.steelyard.codec.ByteView;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Path prefixes, each with the order of its route; finds the lowest order among all prefixes of a
 * path in one walk along the path. Immutable once filled.
 */
final class PrefixTrie {
  static final int NO_MATCH = Integer.MAX_VALUE;

  private final Node root = new Node(new byte[0]);

  /** Adds a prefix; of equal prefixes the lower order counts. */
  void add(String prefix, int order) {
    byte[] bytes = prefix.getBytes(StandardCharsets.UTF_8);
    Node node = root;
    int at = 0;
    while (at < bytes.length) {
      int child = node.childFor(bytes[at]);
      if (child < 0) {
        node = node.insert(-child - 1, new Node(Arrays.copyOfRange(bytes, at, bytes.length)));
        at = bytes.length;
      } else {
        node = node.descend(child, bytes, at);
        at += node.label.length;
      }
    }
    node.order = Math.min(node.order, order);
  }

  /** The lowest order of a prefix of {@code path}, if below {@code best}; else {@code best}. */
  int match(ByteView path, int best) {
    int lowest = Math.min(best, root.order);
    Node node = root;
    int at = 0;
    int length = path.length();
    while (at < length) {
      int child = node.childFor(path.at(at));
      if (child < 0 || !node.children[child].labels(path, at, length)) {
        break;
      }
      node = node.children[child];
      at += node.label.length;
      lowest = Math.min(lowest, node.order);
    }
    return lowest;
  }

  /**
   * A stretch of bytes below its parent; its children begin with different bytes and are sorted by
   * them.
   */
  private static final class Node {
    private static final Node[] NO_CHILDREN = {};

    private byte[] label;
    private Node[] children = NO_CHILDREN;
    private int order = NO_MATCH;

    Node(byte[] label) {
      this.label = label;
    }

    /** The index of the child that begins with {@code first}, or -(where it would be) - 1. */
    int childFor(byte first) {
      int low = 0;
      int high = children.length - 1;
      while (low <= high) {
        int middle = (low + high) >>> 1;
        int order = Byte.compare(children[middle].label[0], first);
        if (order == 0) {
          return middle;
        }
        if (order < 0) {
          low = middle + 1;
        } else {
          high = middle - 1;
        }
      }
      return -low - 1;
    }

    Node insert(int index, Node child) {
      Node[] grown = new Node[children.length + 1];
      System.arraycopy(children, 0, grown, 0, index);
      System.arraycopy(children, index, grown, index + 1, children.length - index);
      grown[index] = child;
      children = grown;
      return child;
    }

    /** The child at {@code index}, split first if {@code bytes} leave its label midway. */
    Node descend(int index, byte[] bytes, int at) {
      Node child = children[index];
      int common = Arrays.mismatch(child.label, 0, child.label.length, bytes, at, bytes.length);
      if (common < 0 || common == child.label.length) {
        return child;
      }
      Node upper = new Node(Arrays.copyOf(child.label, common));
      child.label = Arrays.copyOfRange(child.label, common, child.label.length);
      upper.children = new Node[] {child};
      children[index] = upper;
      return upper;
    }

    /** Does the path continue with this node's label? Its first byte is known to. */
    boolean labels(ByteView path, int at, int length) {
      if (label.length > length - at) {
        return false;
      }
      for (int i = 1; i < label.length; i++) {
        if (label[i] != path.at(at + i)) {
          return false;
        }
      }
      return true;
    }
  }
}
