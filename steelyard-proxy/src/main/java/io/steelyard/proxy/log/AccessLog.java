package io.steelyard.proxy.log;

import io.steelyard.model.AccessLog.Format;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The access log of one process: a ring for each event loop and the one thread that writes what
 * they hold.
 *
 * <p>The thread looks every 20 ms, at once again while it is behind. Traffic never waits for it:
 * when a ring is full or the disk is, lines are counted as {@link #dropped} or {@link #lost}.
 * Thread-safe, except that a ring belongs to its event loop.
 */
public final class AccessLog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AccessLog.class);

  private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long CLOSE_MILLIS = 5_000;

  private final List<AccessLogRing> rings;
  private final LogWriter writer;
  private final Thread thread;
  private volatile boolean closed;

  private AccessLog(List<AccessLogRing> rings, LogWriter writer) {
    this.rings = rings;
    this.writer = writer;
    thread = Thread.ofPlatform().daemon().name("steelyard-access-log").unstarted(this::run);
  }

  /**
   * Opens the file, or standard output, and starts the writer.
   *
   * @param loops how many event loops there are
   * @throws IOException when the file cannot be opened; the message names it and the reason
   */
  public static AccessLog open(io.steelyard.model.AccessLog spec, int loops) throws IOException {
    return start(LogFile.open(spec.file()), spec.format(), loops);
  }

  static AccessLog start(LogFile file, Format format, int loops) {
    List<AccessLogRing> rings =
        IntStream.range(0, loops).mapToObj(i -> new AccessLogRing(AccessLogRing.CAPACITY)).toList();
    AccessLog log =
        new AccessLog(rings, new LogWriter(rings, lineFormat(format), file, System::nanoTime));
    log.thread.start();
    return log;
  }

  private static LineFormat lineFormat(Format format) {
    return switch (format) {
      case JSON -> new JsonFormat();
      case COMBINED -> new CombinedFormat();
    };
  }

  private void run() {
    boolean last;
    do {
      last = closed; // Read before the pass: what was offered before close is written by it.
      if (!writer.pass() && !last) {
        LockSupport.parkNanos(IDLE_NANOS);
      }
    } while (!last);
  }

  /** The ring for the event loop with this number, from 0. */
  public AccessLogRing ring(int loop) {
    return rings.get(loop);
  }

  /** Records for which a ring had no room, because the writer was behind. */
  public long dropped() {
    return rings.stream().mapToLong(AccessLogRing::dropped).sum();
  }

  /** Lines that could not be written, because the disk was full or failed. */
  public long lost() {
    return writer.lost();
  }

  /**
   * Goes on in a new file by the same name, for after the old one was renamed; does nothing for
   * standard output. No line is lost, none is torn.
   *
   * @throws IOException when the file cannot be opened; the log then goes on in the old one
   */
  public void reopen() throws IOException {
    writer.reopen();
  }

  /**
   * Writes what was offered before the call, then closes the file; waits for it up to five seconds.
   * What is offered afterwards is never written.
   */
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
    try {
      thread.join(CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (thread.isAlive()) {
      LOG.warn("access log: the last lines could not be written within {} s", CLOSE_MILLIS / 1_000);
      return;
    }
    closeFile();
  }

  private void closeFile() {
    try {
      writer.close();
    } catch (IOException e) {
      LOG.warn("access log: {}", e.getMessage());
    }
  }
}
