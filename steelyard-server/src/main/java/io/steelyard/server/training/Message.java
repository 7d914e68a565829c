package io.steelyard.server.training;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the HTTP/1.1 messages of one connection: enough of it for both ends of a training run, and
 * fast, for the time is for the server between them.
 */
final class Message {
  private static final int BUFFER = 64 * 1024;
  private static final String LENGTH = "\r\nContent-Length: ";

  private final InputStream in;
  private final byte[] buffer = new byte[BUFFER];
  private int from;
  private int to;

  Message(InputStream in) {
    this.in = in;
  }

  /** The next message's start line and fields, or null at the end. */
  @Nullable String head() throws IOException {
    int at = from;
    while (true) {
      for (; at + 3 < to; at++) {
        if (buffer[at] == '\r' && buffer[at + 2] == '\r') {
          String head = new String(buffer, from, at + 4 - from, ISO_8859_1);
          from = at + 4;
          return head;
        }
      }
      at -= from;
      if (!fill()) {
        return null;
      }
      at += from;
    }
  }

  /** Reads more behind what is there; false at the end. */
  private boolean fill() throws IOException {
    System.arraycopy(buffer, from, buffer, 0, to - from);
    to -= from;
    from = 0;
    int read = in.read(buffer, to, buffer.length - to);
    to += Math.max(read, 0);
    return read > 0;
  }

  /** Skips the body that the head announces. */
  void body(String ofHead) throws IOException {
    int length = ofHead.indexOf(LENGTH);
    if (length >= 0) {
      int digits = length + LENGTH.length();
      skip(Integer.parseInt(ofHead, digits, ofHead.indexOf('\r', digits), 10));
    } else if (ofHead.contains("Transfer-Encoding: chunked")) {
      chunks();
    }
  }

  private void skip(int count) throws IOException {
    int left = count;
    while (left > to - from) {
      left -= to - from;
      from = to;
      if (!fill()) {
        throw new EOFException("the end amid a body");
      }
    }
    from += left;
  }

  private void chunks() throws IOException {
    int size;
    do {
      size = Integer.parseInt(line(), 16);
      skip(size + 2);
    } while (size > 0);
  }

  private String line() throws IOException {
    int at = from;
    while (at == to || buffer[at] != '\n') {
      if (at < to) {
        at++;
      } else {
        at -= from;
        if (!fill()) {
          throw new EOFException("the end amid a chunk's size");
        }
        at += from;
      }
    }
    String line = new String(buffer, from, at - 1 - from, ISO_8859_1);
    from = at + 1;
    return line;
  }

  static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }
}
