package io.steelyard.net;

import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;

/** A pipe of the kernel. Belongs to one event loop. */
final class Pipe {
  private final FileDescriptor out;
  private final FileDescriptor in;

  Pipe(FileDescriptor out, FileDescriptor in) {
    this.out = out;
    this.in = in;
  }

  /** The end that bytes come out of. */
  int out() {
    return out.intValue();
  }

  /** The end that bytes go in at. */
  int in() {
    return in.intValue();
  }

  /** With what is in it. */
  void close() {
    close(out);
    close(in);
  }

  private static void close(FileDescriptor end) {
    try {
      end.close();
    } catch (IOException e) {
      // a pipe's end has nothing to write back: it is closed whatever this says
    }
  }
}
