package io.steelyard.net;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.uring.IoUring;
import io.steelyard.model.TransportKind;
import java.util.Arrays;
import java.util.stream.Stream;

/** The transports that this machine can do. */
final class Kinds {
  private Kinds() {}

  static Stream<TransportKind> usable() {
    return Arrays.stream(TransportKind.values()).filter(Kinds::isUsable);
  }

  private static boolean isUsable(TransportKind kind) {
    return switch (kind) {
      case EPOLL -> Epoll.isAvailable();
      case IO_URING -> IoUring.isAvailable() && IoUring.isRegisterBufferRingSupported();
      case NIO -> true;
    };
  }
}
