package io.steelyard.proxy.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes records out of the rings, formats them and writes the lines, many at a time. One thread
 * runs {@link #pass}; any thread may reopen the file or ask for the counts.
 *
 * <p>When a write fails, its lines are counted as lost, and the next pass tries anew with the next
 * lines. Only of a line that was written in part is the rest kept, so that no line is ever torn.
 */
@SuppressWarnings(
    "NonAtomicVolatileUpdate") // Of the lost lines: one thread counts them, others read.
final class LogWriter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LogWriter.class);

  private static final int BATCH_BYTES = 1 << 16;
  private static final long COMPLAIN_EVERY_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final List<AccessLogRing> rings;
  private final LineFormat format;
  private final LogFile file;
  private final LongSupplier nanoTime;

  /** Held while the file is written or replaced. */
  private final ReentrantLock fileLock = new ReentrantLock();

  private final LineBuffer lines = new LineBuffer(BATCH_BYTES + BATCH_BYTES / 4);

  /** The lines begin with the rest of one whose beginning is in the file. Guarded by the lock. */
  private boolean torn;

  /** The beginning of that line is in a file that was replaced since. Guarded by the lock. */
  private boolean tornElsewhere;

  /** Written by one thread. */
  private volatile long lost;

  private long lastComplaint;
  private boolean complained;

  LogWriter(List<AccessLogRing> rings, LineFormat format, LogFile file, LongSupplier nanoTime) {
    this.rings = rings;
    this.format = format;
    this.file = file;
    this.nanoTime = nanoTime;
  }

  /**
   * Writes what is in the rings; returns whether one of them was so full that the next pass should
   * come at once.
   */
  boolean pass() {
    boolean behind = false;
    for (AccessLogRing ring : rings) {
      behind |= ring.drain(this::append) > ring.capacity() / 4;
    }
    flush();
    return behind;
  }

  private void append(LoggedRequest request) {
    int before = lines.length();
    try {
      format.append(request, lines);
    } catch (RuntimeException e) {
      lines.keep(0, before);
      lost++;
      complain("cannot format a request for the access log", e);
    }
    if (lines.length() >= BATCH_BYTES) {
      flush();
    }
  }

  private void flush() {
    if (lines.length() == 0) {
      return;
    }
    fileLock.lock();
    try {
      dropTornElsewhere();
      writeLines();
    } finally {
      fileLock.unlock();
    }
  }

  private void dropTornElsewhere() {
    if (tornElsewhere) {
      tornElsewhere = false;
      torn = false;
      lines.keep(endOfLine(0), lines.length());
      lost++;
    }
  }

  private void writeLines() {
    ByteBuffer bytes = ByteBuffer.wrap(lines.bytes(), 0, lines.length());
    try {
      file.write(bytes);
      lines.clear();
      torn = false;
    } catch (IOException e) {
      lost += dropLines(bytes.position());
      complain("cannot write access log " + file + ": " + e.getMessage(), null);
    }
  }

  /**
   * Drops the lines that were not written, except for the rest of one that was begun; returns how
   * many are lost.
   */
  private int dropLines(int written) {
    byte[] bytes = lines.bytes();
    torn = written == 0 ? torn : bytes[written - 1] != '\n';
    int keep = torn ? endOfLine(written) : written;
    int dropped = 0;
    for (int at = keep; at < lines.length(); at = endOfLine(at)) {
      dropped++;
    }
    lines.keep(written, keep);
    return dropped;
  }

  private int endOfLine(int from) {
    byte[] bytes = lines.bytes();
    int at = from;
    while (bytes[at] != '\n') {
      at++;
    }
    return at + 1;
  }

  private void complain(String what, @Nullable RuntimeException mistake) {
    long now = nanoTime.getAsLong();
    if (!complained || now - lastComplaint >= COMPLAIN_EVERY_NANOS) {
      complained = true;
      lastComplaint = now;
      LOG.error("{}; lines lost so far: {}", what, lost, mistake);
    }
  }

  /** Lines that could not be written. */
  long lost() {
    return lost;
  }

  /**
   * Goes on in a new file by the same name. The lines written so far are in the old one, and no
   * line is in both.
   */
  void reopen() throws IOException {
    fileLock.lock();
    try {
      if (file.reopen()) {
        tornElsewhere = torn;
      }
    } finally {
      fileLock.unlock();
    }
  }

  @Override
  public void close() throws IOException {
    fileLock.lock();
    try {
      file.close();
    } finally {
      fileLock.unlock();
    }
  }
}
