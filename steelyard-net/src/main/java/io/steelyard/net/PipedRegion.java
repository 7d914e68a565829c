package io.steelyard.net;

import io.netty.channel.FileRegion;
import io.netty.channel.epoll.Native;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.AbstractReferenceCounted;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * What waits in a pipe for a socket that takes no more: a message that Netty writes in its turn.
 */
final class PipedRegion extends AbstractReferenceCounted implements FileRegion {
  private final Pipe pipe;
  private final FileDescriptor socket;
  private final long count;
  private long transferred;

  PipedRegion(Pipe pipe, FileDescriptor socket, int count) {
    this.pipe = pipe;
    this.socket = socket;
    this.count = count;
  }

  @Override
  public long position() {
    return 0;
  }

  @Override
  public long transferred() {
    return transferred;
  }

  @Override
  @Deprecated
  public long transfered() {
    return transferred;
  }

  @Override
  public long count() {
    return count;
  }

  /** Past {@code target}, which is the socket in Netty's wrapping. */
  @Override
  public long transferTo(WritableByteChannel target, long position) throws IOException {
    int passed = Native.splice(pipe.out(), -1, socket.intValue(), -1, count - transferred);
    transferred += passed;
    return passed;
  }

  @Override
  public FileRegion retain() {
    super.retain();
    return this;
  }

  @Override
  public FileRegion retain(int increment) {
    super.retain(increment);
    return this;
  }

  @Override
  public FileRegion touch() {
    return this;
  }

  @Override
  public FileRegion touch(@Nullable Object hint) {
    return this;
  }

  /** The pipe is its splice's, which hears of the end of the write. */
  @Override
  protected void deallocate() {}
}
