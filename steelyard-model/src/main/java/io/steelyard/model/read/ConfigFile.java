package io.steelyard.model.read;

import io.steelyard.model.ByteSize;
import io.steelyard.model.Quote;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads the bytes of a configuration file, never more than a configuration can have. */
final class ConfigFile {
  /** The largest file that is read. */
  static final int LARGEST = 4 << 20;

  private ConfigFile() {}

  static byte[] read(Path file) throws Unreadable {
    try {
      if (Files.isDirectory(file)) {
        throw new Unreadable("is a directory, expected a file", null);
      }
      checkSize(Files.size(file));
      try (var in = Files.newInputStream(file)) {
        // A pipe or a device has no size beforehand.
        var bytes = in.readNBytes(LARGEST + 1);
        checkSize(bytes.length);
        return bytes;
      }
    } catch (NoSuchFileException e) {
      throw new Unreadable("there is no such file", null);
    } catch (AccessDeniedException e) {
      throw new Unreadable("permission to read it is denied", null);
    } catch (IOException e) {
      throw new Unreadable(
          "cannot be read: " + Quote.message(String.valueOf(e.getMessage())), null);
    }
  }

  static void checkSize(long bytes) throws Unreadable {
    if (bytes > LARGEST) {
      throw new Unreadable(
          "is larger than a configuration can be, expected at most " + new ByteSize(LARGEST), null);
    }
  }
}
