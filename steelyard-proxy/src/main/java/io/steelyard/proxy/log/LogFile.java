package io.steelyard.proxy.log;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Where the lines go: a file, appended to, or standard output. Not thread-safe. */
final class LogFile implements AutoCloseable {
  private static final long BUSY_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  /** Opens the file, again and again. */
  interface Opener {
    WritableByteChannel open() throws IOException;
  }

  private final String name;
  private final @Nullable Opener opener;
  private WritableByteChannel channel;

  /** Lines that go to a channel; without an opener it is never replaced, nor closed. */
  LogFile(String name, WritableByteChannel channel, @Nullable Opener opener) {
    this.name = name;
    this.channel = channel;
    this.opener = opener;
  }

  /** Opens a file, made when it is not there, or standard output when there is no name. */
  @SuppressWarnings("resource") // Standard output stays open.
  static LogFile open(@Nullable String name) throws IOException {
    if (name == null) {
      // Not System.out: its buffer could tear a line, and it keeps its errors to itself.
      return new LogFile(
          "standard output", new FileOutputStream(FileDescriptor.out).getChannel(), null);
    }
    Path path = path(name);
    return new LogFile(name, openFile(path), () -> openFile(path));
  }

  private static Path path(String name) throws IOException {
    try {
      return Path.of(name);
    } catch (InvalidPathException e) {
      throw new IOException("access log " + name + ": " + e.getReason(), e);
    }
  }

  private static FileChannel openFile(Path path) throws IOException {
    try {
      return FileChannel.open(path, CREATE, WRITE, APPEND);
    } catch (IOException e) {
      throw new IOException("cannot open access log " + path + ": " + reason(e), e);
    }
  }

  private static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> "no such directory";
      case AccessDeniedException _ -> "permission denied";
      case FileSystemException failure when failure.getReason() != null -> failure.getReason();
      default -> String.valueOf(e.getMessage());
    };
  }

  /**
   * Opens the file's name anew; when that fails, the old one stays. Returns whether there is
   * another file now.
   */
  boolean reopen() throws IOException {
    if (opener == null) {
      return false;
    }
    WritableByteChannel old = channel;
    channel = opener.open();
    old.close();
    return true;
  }

  /** Writes all that remains; when it fails, the buffer's position tells how much was written. */
  void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      if (channel.write(bytes) == 0) {
        // Standard output that somebody made non-blocking, and nobody reads.
        LockSupport.parkNanos(BUSY_NANOS);
      }
    }
  }

  @Override
  public void close() throws IOException {
    if (opener != null) {
      channel.close();
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
