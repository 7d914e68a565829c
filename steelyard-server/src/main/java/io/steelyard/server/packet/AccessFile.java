package io.steelyard.server.packet;

import io.steelyard.model.Cidr;
import io.steelyard.packet.AccessRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A file of networks: {@code deny NETWORK}, {@code allow NETWORK} or {@code NETWORK} (denied) on
 * each line, {@code #} before comments. For one thread.
 */
final class AccessFile {
  private static final Pattern BLANKS = Pattern.compile("\\s+");

  private final Path path;
  private @Nullable Form read;

  /** What tells that a file has changed; renaming another into its place changes its key. */
  private record Form(Object time, long size, @Nullable Object key) {}

  AccessFile(Path path) {
    this.path = path;
  }

  /** Whether the file is another one than was read last. */
  boolean hasChanged() {
    try {
      return !form().equals(read);
    } catch (IOException gone) {
      return read != null;
    }
  }

  private Form form() throws IOException {
    var attributes = Files.readAttributes(path, BasicFileAttributes.class);
    return new Form(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
  }

  /**
   * Reads it; whatever comes of it, it has not changed afterwards.
   *
   * @throws IOException when it cannot be read, or a line of it is not understood; the message says
   *     which, in which column, and what was expected
   */
  List<AccessRule> read() throws IOException {
    read = null;
    read = form();
    var rules = new ArrayList<AccessRule>();
    try (var lines = Files.newBufferedReader(path)) {
      int number = 0;
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        var rule = rule(line, ++number);
        if (rule != null) {
          rules.add(rule);
        }
      }
    }
    return rules;
  }

  private @Nullable AccessRule rule(String line, int number) throws IOException {
    int comment = line.indexOf('#');
    var text = (comment < 0 ? line : line.substring(0, comment)).strip();
    if (text.isEmpty()) {
      return null;
    }
    var words = BLANKS.split(text, -1);
    if (words.length == 1) {
      return rule(line, number, words[0], false);
    }
    if (words.length == 2 && (words[0].equals("deny") || words[0].equals("allow"))) {
      return rule(line, number, words[1], words[0].equals("allow"));
    }
    throw problem(
        line,
        number,
        text,
        "'" + text + "' is not understood, expected deny or allow and a network");
  }

  private AccessRule rule(String line, int number, String network, boolean allowed)
      throws IOException {
    try {
      return new AccessRule(Cidr.parse(network), allowed);
    } catch (IllegalArgumentException e) {
      throw problem(line, number, network, String.valueOf(e.getMessage()));
    }
  }

  /** Columns are counted from 1, as editors do. */
  private IOException problem(String line, int number, String where, String what) {
    return new IOException(path + ":" + number + ":" + (line.lastIndexOf(where) + 1) + ": " + what);
  }
}
