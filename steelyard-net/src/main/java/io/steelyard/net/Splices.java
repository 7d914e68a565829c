package io.steelyard.net;

import io.netty.channel.Channel;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import org.jspecify.annotations.Nullable;

/**
 * The sockets of one event loop whose incoming bytes are spliced, and the way by which a {@link
 * Splice} comes to the events that Netty would read them at. Belongs to the loop.
 */
final class Splices {
  private final IntObjectMap<Splice> byDescriptor = new IntObjectHashMap<>();
  private final Pipes pipes = new Pipes();

  /** The same socket, whose events a splice sees first. */
  EpollIoHandle watched(EpollIoHandle socket) {
    return new Watched(socket);
  }

  /**
   * Begins to splice what {@code from} receives to {@code to}.
   *
   * @return null when that cannot be: the channels are no sockets of epoll, something else stands
   *     in their pipelines' way, or there is no pipe to be had
   */
  @Nullable Splice begin(Channel from, Channel to, Splice.Listener listener) {
    if (!(from instanceof EpollSocketChannel source)
        || !(to instanceof EpollSocketChannel target)
        || !source.isActive()
        || !target.isActive()
        || byDescriptor.containsKey(source.fd().intValue())) {
      return null;
    }
    Pipe pipe = pipes.take();
    if (pipe == null) {
      return null;
    }
    Splice splice = new Splice(this, pipe, source, target, listener);
    byDescriptor.put(source.fd().intValue(), splice);
    return splice;
  }

  /** What that socket receives is read by Netty again. */
  void end(Splice splice, int descriptor) {
    byDescriptor.remove(descriptor, splice);
  }

  Pipes pipes() {
    return pipes;
  }

  /** No splice goes on. */
  void close() {
    byDescriptor.clear();
    pipes.close();
  }

  private final class Watched implements EpollIoHandle {
    private final EpollIoHandle socket;

    Watched(EpollIoHandle socket) {
      this.socket = socket;
    }

    @Override
    public FileDescriptor fd() {
      return socket.fd();
    }

    @Override
    public void registered() {
      socket.registered();
    }

    @Override
    public void unregistered() {
      socket.unregistered();
    }

    @Override
    public void handle(IoRegistration registration, IoEvent event) {
      if (!socket.fd().isOpen()) {
        return; // closed in this turn, at another socket's event
      }
      IoEvent rest = byDescriptor.isEmpty() ? event : spliced((EpollIoEvent) event);
      if (rest != null) {
        socket.handle(registration, rest);
      }
    }

    /** What is left of the event for Netty; null when nothing is. */
    private @Nullable IoEvent spliced(EpollIoEvent event) {
      Splice splice = byDescriptor.get(socket.fd().intValue());
      if (splice == null || !splice.isOf(socket)) {
        return event;
      }
      int events = event.ops().value();
      int left = splice.ready(events);
      return left == events ? event : left == 0 ? null : new Rest(EpollIoOps.valueOf(left));
    }

    @Override
    public void close() throws Exception {
      socket.close();
    }
  }

  private record Rest(EpollIoOps ops) implements EpollIoEvent {}
}
