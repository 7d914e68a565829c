package io.steelyard.net;

import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The pipes of one event loop: empty ones are kept for the next bulk flow. Belongs to the loop. */
final class Pipes {
  private static final Logger LOG = LoggerFactory.getLogger(Pipes.class);

  private static final int KEPT = 64;

  /** More flows than that at a time are copied: a pipe takes two file descriptors. */
  private static final int MOST = 1024;

  private final ArrayDeque<Pipe> empty = new ArrayDeque<>();
  private int lent;
  private boolean failed;

  /** An empty pipe; null when none can be had. */
  @Nullable Pipe take() {
    if (lent >= MOST) {
      return null;
    }
    Pipe pipe = empty.pollLast();
    if (pipe == null) {
      pipe = open();
    }
    if (pipe != null) {
      lent++;
    }
    return pipe;
  }

  private @Nullable Pipe open() {
    try {
      FileDescriptor[] ends = FileDescriptor.pipe();
      return new Pipe(ends[0], ends[1]);
    } catch (IOException e) {
      if (!failed) {
        failed = true;
        LOG.warn("Bulk is copied, not spliced: no pipe can be had: {}", e.getMessage());
      }
      return null;
    }
  }

  /** Takes an empty pipe back. */
  void giveBack(Pipe pipe) {
    lent--;
    if (empty.size() < KEPT) {
      empty.addLast(pipe);
    } else {
      pipe.close();
    }
  }

  /** One that was taken is not empty and will not be. */
  void drop(Pipe pipe) {
    lent--;
    pipe.close();
  }

  /** Closes those that are not in use. */
  void close() {
    empty.forEach(Pipe::close);
    empty.clear();
  }
}
