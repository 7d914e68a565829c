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
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A socket of Linux for ICMP echo (icmp(7), raw(7)), through the C library, for Java has none: a
 * ping socket where {@code net.ipv4.ping_group_range} permits, else a raw one, which wants
 * CAP_NET_RAW. Never waits. Used by one thread.
 */
final class PingSocket implements AutoCloseable {
  /** The system refuses both kinds of sockets. */
  static final class ForbiddenException extends IOException {
    private static final long serialVersionUID = 1;

    ForbiddenException() {
      super(
          "pings are forbidden: the process's group is not in net.ipv4.ping_group_range and it has no CAP_NET_RAW");
    }
  }

  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;
  private static final int SOCK_DGRAM = 2;
  private static final int SOCK_RAW = 3;
  private static final int NONBLOCK_CLOEXEC = 0x80800;
  private static final int IPPROTO_ICMP = 1;
  private static final int IPPROTO_ICMPV6 = 58;
  private static final int EPERM = 1;
  private static final int EINTR = 4;
  private static final int EAGAIN = 11;
  private static final int EACCES = 13;
  private static final int EHOSTUNREACH = 113;
  private static final int ENETUNREACH = 101;

  private final C c;
  private final Arena arena;
  private final int descriptor;
  private final boolean raw;
  private final boolean v6;
  private final MemorySegment buffer;

  private PingSocket(C c, Arena arena, int descriptor, boolean raw, boolean v6) {
    this.c = c;
    this.arena = arena;
    this.descriptor = descriptor;
    this.raw = raw;
    this.v6 = v6;
    this.buffer = arena.allocate(2048, 8);
  }

  /** Opens a socket for a host of this address's family. */
  static PingSocket open(InetAddress host) throws IOException {
    var c = C.library();
    boolean v6 = host instanceof Inet6Address;
    var arena = Arena.ofConfined();
    boolean raw = false;
    int descriptor = c.socket(arena, v6, SOCK_DGRAM);
    if (descriptor == -EACCES || descriptor == -EPERM) {
      raw = true;
      descriptor = c.socket(arena, v6, SOCK_RAW);
    }
    if (descriptor < 0) {
      arena.close();
      throw descriptor == -EPERM || descriptor == -EACCES
          ? new ForbiddenException()
          : new IOException("no socket for pings: error " + -descriptor);
    }
    return new PingSocket(c, arena, descriptor, raw, v6);
  }

  /** Lets pings come from this address. */
  void bind(InetAddress source) throws IOException {
    check(c.bind(arena, descriptor, address(source)), "cannot come from " + source);
  }

  /** From now on only what this host sends arrives. */
  void connect(InetAddress host) throws IOException {
    check(c.connect(arena, descriptor, address(host)), "no way to " + host);
  }

  /** Whether it sees replies to others' pings too, so that it has to compare the identifier. */
  boolean isRaw() {
    return raw;
  }

  /** Whether the checksum is its own business (RFC 3542 section 3.1). */
  boolean isV6() {
    return v6;
  }

  void send(byte[] message) throws IOException {
    MemorySegment.copy(message, 0, buffer, ValueLayout.JAVA_BYTE, 0, message.length);
    check(c.send(arena, descriptor, buffer.asSlice(0, message.length)), "cannot send");
  }

  /** The next message, without the header of IP; empty when there is none. */
  ByteBuffer receive() throws IOException {
    int count = c.receive(arena, descriptor, buffer);
    if (count == -EAGAIN || count == -EINTR) {
      return ByteBuffer.allocate(0);
    }
    check(count, "cannot receive");
    int header = raw && !v6 ? (buffer.get(ValueLayout.JAVA_BYTE, 0) & 0xf) * 4 : 0;
    return buffer.asSlice(Math.min(header, count), Math.max(0, count - header)).asByteBuffer();
  }

  @Override
  public void close() {
    c.close(arena, descriptor);
    arena.close();
  }

  private static void check(int result, String what) throws IOException {
    if (result < 0) {
      throw new IOException(
          switch (-result) {
            case EHOSTUNREACH -> "no route to host";
            case ENETUNREACH -> "network is unreachable";
            default -> what + ": error " + -result;
          });
    }
  }

  /** {@code struct sockaddr_in} or {@code sockaddr_in6} (ip(7), ipv6(7)). */
  private MemorySegment address(InetAddress address) {
    var bytes = ByteBuffer.allocate(v6 ? 28 : 16).order(ByteOrder.nativeOrder());
    bytes.putShort((short) (v6 ? AF_INET6 : AF_INET)).putShort((short) 0);
    if (address instanceof Inet6Address six) {
      bytes.putInt(0).put(six.getAddress()).putInt(six.getScopeId());
    } else {
      bytes.put(address.getAddress());
    }
    return arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes.array());
  }

  /** The functions of the C library that are needed; each returns -errno when it fails. */
  private record C(
      MethodHandle socketCall,
      MethodHandle bindCall,
      MethodHandle connectCall,
      MethodHandle sendCall,
      MethodHandle receiveCall,
      MethodHandle closeCall) {
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO =
        STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final AddressLayout POINTER = ValueLayout.ADDRESS;

    static C library() throws IOException {
      try {
        return new C(
            function("socket", FunctionDescriptor.of(INT, INT, INT, INT)),
            function("bind", FunctionDescriptor.of(INT, INT, POINTER, INT)),
            function("connect", FunctionDescriptor.of(INT, INT, POINTER, INT)),
            function("send", FunctionDescriptor.of(LONG, INT, POINTER, LONG, INT)),
            function("recv", FunctionDescriptor.of(LONG, INT, POINTER, LONG, INT)),
            function("close", FunctionDescriptor.of(INT, INT)));
      } catch (RuntimeException e) {
        throw new IOException("pings need Linux: " + e.getMessage(), e);
      }
    }

    @SuppressWarnings("restricted") // the launcher enables native access
    private static MethodHandle function(String name, FunctionDescriptor descriptor) {
      var linker = Linker.nativeLinker();
      return linker.downcallHandle(
          linker.defaultLookup().findOrThrow(name),
          descriptor,
          Linker.Option.captureCallState("errno"));
    }

    int socket(Arena arena, boolean v6, int type) {
      var state = arena.allocate(STATE);
      int family = v6 ? AF_INET6 : AF_INET;
      int protocol = v6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP;
      try {
        return result(
            (int) socketCall.invokeExact(state, family, type | NONBLOCK_CLOEXEC, protocol), state);
      } catch (Throwable e) {
        throw impossible(e);
      }
    }

    int bind(Arena arena, int descriptor, MemorySegment address) {
      var state = arena.allocate(STATE);
      try {
        return result(
            (int) bindCall.invokeExact(state, descriptor, address, (int) address.byteSize()),
            state);
      } catch (Throwable e) {
        throw impossible(e);
      }
    }

    int connect(Arena arena, int descriptor, MemorySegment address) {
      var state = arena.allocate(STATE);
      try {
        return result(
            (int) connectCall.invokeExact(state, descriptor, address, (int) address.byteSize()),
            state);
      } catch (Throwable e) {
        throw impossible(e);
      }
    }

    int send(Arena arena, int descriptor, MemorySegment message) {
      var state = arena.allocate(STATE);
      try {
        return result(
            (int) (long) sendCall.invokeExact(state, descriptor, message, message.byteSize(), 0),
            state);
      } catch (Throwable e) {
        throw impossible(e);
      }
    }

    int receive(Arena arena, int descriptor, MemorySegment buffer) {
      var state = arena.allocate(STATE);
      try {
        return result(
            (int) (long) receiveCall.invokeExact(state, descriptor, buffer, buffer.byteSize(), 0),
            state);
      } catch (Throwable e) {
        throw impossible(e);
      }
    }

    void close(Arena arena, int descriptor) {
      try {
        int ignored = (int) closeCall.invokeExact(arena.allocate(STATE), descriptor);
      } catch (Throwable e) {
        throw impossible(e);
      }
    }

    private static int result(int value, MemorySegment state) {
      return value >= 0 ? value : -(int) ERRNO.get(state, 0L);
    }

    private static IllegalStateException impossible(Throwable e) {
      return new IllegalStateException("a call of the C library does not throw", e);
    }
  }
}
