package io.steelyard.packet.bpf;

import io.steelyard.packet.linux.Errno;
import io.steelyard.packet.linux.SystemCalls;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/** A file descriptor of the kernel's, closed once. Thread-safe. */
final class Descriptor implements AutoCloseable {
  private final int number;
  private final AtomicBoolean closed = new AtomicBoolean();

  Descriptor(int number) {
    this.number = number;
  }

  /**
   * Opens what is pinned at a path.
   *
   * @throws BpfException with {@link Errno#ENOENT} when nothing is
   */
  static Descriptor pinned(Path path) {
    try (var arena = Arena.ofConfined()) {
      var attributes = Bpf.attributes(arena);
      Bpf.putLong(attributes, 0, arena.allocateFrom(path.toString()).address());
      int result = SystemCalls.bpf(Bpf.GET_PINNED, attributes);
      return new Descriptor(Bpf.check(result, "opening " + path, Hints.forPin(-result)));
    }
  }

  int number() {
    if (closed.get()) {
      throw new IllegalStateException("descriptor " + number + " is closed");
    }
    return number;
  }

  /** Gives it a name in a bpffs, which keeps it when this process ends. */
  void pin(Path path) {
    try (var arena = Arena.ofConfined()) {
      var attributes = Bpf.attributes(arena);
      Bpf.putLong(attributes, 0, arena.allocateFrom(path.toString()).address());
      Bpf.putInt(attributes, 8, number());
      int result = SystemCalls.bpf(Bpf.PIN, attributes);
      Bpf.check(result, "pinning " + path, Hints.forPin(-result));
    }
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      SystemCalls.close(number);
    }
  }
}
