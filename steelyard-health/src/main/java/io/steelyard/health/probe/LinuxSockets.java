package io.steelyard.health.probe;

import java.io.IOException;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteOrder;

/**
 * TCP sockets and epoll(7) of Linux through the C library, for one thread: the memory for arguments
 * is its own and used again. A call that fails returns -errno.
 */
final class LinuxSockets {
  static final int EINPROGRESS = 115;

  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;
  private static final int STREAM_NONBLOCK_CLOEXEC = 0x80801;
  private static final int EPOLL_CLOEXEC = 0x80000;
  private static final int EPOLL_CTL_ADD = 1;
  private static final int EPOLLOUT_ONESHOT = 0x4 | 1 << 30;
  private static final int SOL_SOCKET = 1;
  private static final int SO_ERROR = 4;
  private static final int SO_LINGER = 13;
  private static final int EVENTS = 256;

  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  private static final ValueLayout.OfShort PORT =
      ValueLayout.JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);
  private static final AddressLayout POINTER = ValueLayout.ADDRESS;
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  /** {@code struct epoll_event} is packed on x86-64 and nowhere else. */
  private static final boolean PACKED = System.getProperty("os.arch", "").equals("amd64");

  private static final int EVENT_SIZE = PACKED ? 12 : 16;
  private static final int EVENT_DATA = PACKED ? 4 : 8;

  private final MethodHandle socket = function("socket", INT, INT, INT, INT);
  private final MethodHandle connect = function("connect", INT, INT, POINTER, INT);
  private final MethodHandle close = function("close", INT, INT);
  private final MethodHandle getOption =
      function("getsockopt", INT, INT, INT, INT, POINTER, POINTER);
  private final MethodHandle setOption = function("setsockopt", INT, INT, INT, INT, POINTER, INT);
  private final MethodHandle epollCreate = function("epoll_create1", INT, INT);
  private final MethodHandle epollControl = function("epoll_ctl", INT, INT, INT, INT, POINTER);
  private final MethodHandle epollWait = function("epoll_wait", INT, INT, POINTER, INT, INT);
  private final MemorySegment state;
  private final MemorySegment address;
  private final MemorySegment event;
  private final MemorySegment events;
  private final MemorySegment value;
  private final MemorySegment length;
  private final MemorySegment noLinger;

  /**
   * @param arena lives as long as this is used
   * @throws IOException where this is not Linux
   */
  LinuxSockets(Arena arena) throws IOException {
    if (!System.getProperty("os.name", "").equals("Linux")) {
      throw new IOException("this is not Linux");
    }
    state = arena.allocate(STATE);
    address = arena.allocate(28, 8);
    event = arena.allocate(EVENT_SIZE, 8);
    events = arena.allocate((long) EVENT_SIZE * EVENTS, 8);
    value = arena.allocate(INT);
    length = arena.allocate(INT);
    noLinger = arena.allocate(8, 4);
    noLinger.set(INT, 0, 1);
  }

  @SuppressWarnings("restricted") // the launcher enables native access
  private static MethodHandle function(
      String name, MemoryLayout result, MemoryLayout... arguments) {
    var linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name),
        FunctionDescriptor.of(result, arguments),
        Linker.Option.captureCallState("errno"));
  }

  /** A TCP socket that never blocks. */
  int socket(InetAddress host) {
    int family = host instanceof Inet6Address ? AF_INET6 : AF_INET;
    try {
      return result((int) socket.invokeExact(state, family, STREAM_NONBLOCK_CLOEXEC, 0));
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /** Begins to connect: 0, or {@link #EINPROGRESS}, or why it cannot. */
  int connect(int descriptor, InetAddress host, int port) {
    int size = write(host, port);
    try {
      return result((int) connect.invokeExact(state, descriptor, address, size));
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /** {@code struct sockaddr_in} or {@code sockaddr_in6} (ip(7), ipv6(7)). */
  private int write(InetAddress host, int port) {
    boolean v6 = host instanceof Inet6Address;
    address.fill((byte) 0);
    address.set(ValueLayout.JAVA_SHORT, 0, (short) (v6 ? AF_INET6 : AF_INET));
    address.set(PORT, 2, (short) port);
    byte[] bytes = host.getAddress();
    MemorySegment.copy(bytes, 0, address, ValueLayout.JAVA_BYTE, v6 ? 8 : 4, bytes.length);
    if (host instanceof Inet6Address six) {
      address.set(INT, 24, six.getScopeId());
    }
    return v6 ? 28 : 16;
  }

  /** How an attempt to connect has ended: 0, or an errno. */
  int error(int descriptor) {
    length.set(INT, 0, 4);
    try {
      int done =
          result(
              (int) getOption.invokeExact(state, descriptor, SOL_SOCKET, SO_ERROR, value, length));
      return done < 0 ? -done : value.get(INT, 0);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /** Closes with a reset: nothing waits for the connection's end, on either side. */
  void reset(int descriptor) {
    try {
      int ignored =
          (int) setOption.invokeExact(state, descriptor, SOL_SOCKET, SO_LINGER, noLinger, 8);
    } catch (Throwable e) {
      throw impossible(e);
    }
    close(descriptor);
  }

  void close(int descriptor) {
    try {
      int ignored = (int) close.invokeExact(state, descriptor);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  int newPoll() {
    try {
      return result((int) epollCreate.invokeExact(state, EPOLL_CLOEXEC));
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /** Lets a poll tell, once, when a socket is connected or has failed. */
  int watch(int poll, int descriptor) {
    event.set(INT, 0, EPOLLOUT_ONESHOT);
    event.set(ValueLayout.JAVA_INT_UNALIGNED, EVENT_DATA, descriptor);
    event.set(ValueLayout.JAVA_INT_UNALIGNED, EVENT_DATA + 4L, 0);
    try {
      return result((int) epollControl.invokeExact(state, poll, EPOLL_CTL_ADD, descriptor, event));
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /** Waits for sockets of a poll; how many there are, or -errno. */
  int await(int poll, int millis) {
    try {
      return result((int) epollWait.invokeExact(state, poll, events, EVENTS, millis));
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /** A socket that {@link #await} found. */
  int found(int index) {
    return events.get(ValueLayout.JAVA_INT_UNALIGNED, (long) index * EVENT_SIZE + EVENT_DATA);
  }

  private int result(int returned) {
    return returned >= 0 ? returned : -(int) ERRNO.get(state, 0L);
  }

  private static IllegalStateException impossible(Throwable e) {
    return new IllegalStateException("a call of the C library does not throw", e);
  }
}
