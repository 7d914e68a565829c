package io.steelyard.net.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** Tells whether a file has changed. */
final class FileStamp {
  private FileStamp() {}

  /** Another text when the file was written or replaced, or a link to it leads elsewhere. */
  static String of(Path file) {
    try {
      BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
      return found.lastModifiedTime().toString() + '/' + found.size() + '/' + found.fileKey();
    } catch (IOException e) {
      return "-";
    }
  }
}
