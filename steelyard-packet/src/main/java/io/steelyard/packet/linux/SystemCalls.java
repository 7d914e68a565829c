package io.steelyard.packet.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/** syscall(2), through libc as the JVM has it already. Thread-safe. */
public final class SystemCalls {
  private static final Architecture NUMBERS = Architecture.of(System.getProperty("os.arch", ""));
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
  private static final MethodHandle SYSCALL = syscall();

  private static final int PROT_READ = 1;
  private static final int PROT_WRITE = 2;
  private static final int MAP_SHARED = 1;
  private static final int AT_FDCWD = -100;
  private static final int O_CLOEXEC = 0x80000;
  private static final int CLONE_NEWNET = 0x40000000;
  private static final int MSG_DONTWAIT = 0x40;

  private SystemCalls() {}

  @SuppressWarnings("restricted") // the whole purpose; users allow it with --enable-native-access
  private static MethodHandle syscall() {
    var linker = Linker.nativeLinker();
    var word = ValueLayout.JAVA_LONG;
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow("syscall"),
        FunctionDescriptor.of(word, word, word, word, word, word, word, word),
        Linker.Option.captureCallState("errno"),
        Linker.Option.firstVariadicArg(1));
  }

  /**
   * bpf(2).
   *
   * @return its result, or minus the error's number
   */
  public static int bpf(int command, MemorySegment attributes) {
    return (int) call(NUMBERS.bpf, command, attributes.address(), attributes.byteSize(), 0, 0, 0);
  }

  /** close(2). */
  public static void close(int descriptor) {
    call(NUMBERS.close, descriptor, 0, 0, 0, 0, 0);
  }

  /**
   * Maps a descriptor's memory until the arena closes.
   *
   * @param offset within the descriptor's memory, in bytes; whole pages
   * @param writable for reading and writing, else for reading
   * @throws IllegalStateException when the kernel refuses
   */
  @SuppressWarnings("restricted")
  public static MemorySegment map(
      int descriptor, long offset, long bytes, boolean writable, Arena arena) {
    int protection = writable ? PROT_READ | PROT_WRITE : PROT_READ;
    long address = call(NUMBERS.mmap, 0, bytes, protection, MAP_SHARED, descriptor, offset);
    if (address < 0 && address > -4096) {
      throw new IllegalStateException(
          "mapping " + bytes + " bytes: " + Errno.describe((int) -address));
    }
    return MemorySegment.ofAddress(address)
        .reinterpret(
            bytes, arena, mapped -> call(NUMBERS.munmap, mapped.address(), bytes, 0, 0, 0, 0));
  }

  /** socket(2): a descriptor, or minus the error's number. */
  static int socket(int domain, int type, int protocol) {
    return (int) call(NUMBERS.socket, domain, type, protocol, 0, 0, 0);
  }

  /** sendto(2) of all of the memory, to where the socket's kind sends it. */
  static int send(int descriptor, MemorySegment message) {
    return (int) call(NUMBERS.sendto, descriptor, message.address(), message.byteSize(), 0, 0, 0);
  }

  /** sendto(2) of all of the memory to an address of the socket's kind. */
  static int send(int descriptor, MemorySegment message, MemorySegment to) {
    return (int)
        call(
            NUMBERS.sendto,
            descriptor,
            message.address(),
            message.byteSize(),
            0,
            to.address(),
            to.byteSize());
  }

  /** open(2) for reading: a descriptor, or minus the error's number. */
  static int open(String path) {
    try (var arena = Arena.ofConfined()) {
      var name = arena.allocateFrom(path);
      return (int) call(NUMBERS.openat, AT_FDCWD, name.address(), O_CLOEXEC, 0, 0, 0);
    }
  }

  /** setns(2): the calling thread is in that network namespace from here on. */
  static int enterNetwork(int descriptor) {
    return (int) call(NUMBERS.setns, descriptor, CLONE_NEWNET, 0, 0, 0, 0);
  }

  /** recvfrom(2) without waiting; fills in the sender's address. */
  static int receiveNow(int descriptor, MemorySegment into, MemorySegment from, Arena arena) {
    var length = arena.allocateFrom(ValueLayout.JAVA_INT, (int) from.byteSize());
    return (int)
        call(
            NUMBERS.recvfrom,
            descriptor,
            into.address(),
            into.byteSize(),
            MSG_DONTWAIT,
            from.address(),
            length.address());
  }

  /** recvfrom(2): how many bytes came, or minus the error's number. */
  static int receive(int descriptor, MemorySegment into) {
    return (int) call(NUMBERS.recvfrom, descriptor, into.address(), into.byteSize(), 0, 0, 0);
  }

  private static long call(long number, long a, long b, long c, long d, long e, long f) {
    try (var arena = Arena.ofConfined()) {
      var state = arena.allocate(STATE);
      long result = (long) SYSCALL.invokeExact(state, number, a, b, c, d, e, f);
      return result == -1 ? -(int) ERRNO.get(state, 0L) : result;
    } catch (RuntimeException | Error problem) {
      throw problem;
    } catch (Throwable problem) {
      throw new IllegalStateException(problem);
    }
  }
}
