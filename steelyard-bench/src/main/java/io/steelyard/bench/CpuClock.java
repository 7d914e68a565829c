package io.steelyard.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The CPU time of another process in nanoseconds: its POSIX CPU-time clock
 * (clock_getcpuclockid(3)).
 *
 * <p>{@code /proc/PID/stat} counts in ticks of 10 ms; {@code /proc/PID/task/TID/schedstat} is fine
 * enough but forgets threads that ended. This clock is fine and forgets none: threads that ended
 * and the kernel's io_uring workers count.
 */
final class CpuClock {
  private static final MethodHandle CLOCK_OF_PROCESS =
      handle(
          "clock_getcpuclockid",
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
  private static final MethodHandle TIME =
      handle(
          "clock_gettime",
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));

  private CpuClock() {}

  /**
   * @throws IllegalStateException when there is no such process
   */
  static long nanos(long pid) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment clock = arena.allocate(ValueLayout.JAVA_INT);
      check((int) CLOCK_OF_PROCESS.invokeExact((int) pid, clock), pid);
      MemorySegment timespec = arena.allocate(ValueLayout.JAVA_LONG, 2);
      check((int) TIME.invokeExact(clock.get(ValueLayout.JAVA_INT, 0), timespec), pid);
      return timespec.getAtIndex(ValueLayout.JAVA_LONG, 0) * 1_000_000_000
          + timespec.getAtIndex(ValueLayout.JAVA_LONG, 1);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  private static void check(int result, long pid) {
    if (result != 0) {
      throw new IllegalStateException("process " + pid + " has no CPU clock: it has ended");
    }
  }

  @SuppressWarnings("restricted") // two functions of the C library
  private static MethodHandle handle(String name, FunctionDescriptor type) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type);
  }
}
