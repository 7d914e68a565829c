package io.steelyard.packet.bpf;

import io.steelyard.packet.linux.SystemCalls;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A program that the kernel has verified. Thread-safe. */
public final class BpfProgram implements AutoCloseable {
  private static final int MIN_PACKET = 14;
  private static final int MAX_PACKET = 3520;

  /** What programs may add in front of a packet and behind it. */
  private static final int ROOM = 256;

  private final String name;
  private final ProgramKind kind;
  private final Descriptor descriptor;

  BpfProgram(String name, ProgramKind kind, Descriptor descriptor) {
    this.name = name;
    this.kind = kind;
    this.descriptor = descriptor;
  }

  /** Its name in the object. */
  public String name() {
    return name;
  }

  ProgramKind kind() {
    return kind;
  }

  int descriptor() {
    return descriptor.number();
  }

  /** What a run made of a packet. */
  public static final class Run {
    private final int verdict;
    private final byte[] packet;
    private final int nanos;

    private Run(int verdict, byte[] packet, int nanos) {
      this.verdict = verdict;
      this.packet = packet;
      this.nanos = nanos;
    }

    /** The program's answer: XDP_DROP is 1, XDP_PASS 2, XDP_TX 3, XDP_REDIRECT 4. */
    public int verdict() {
      return verdict;
    }

    /** The bytes afterwards. */
    public byte[] packet() {
      return packet;
    }

    /** The mean time of a run. */
    public int nanos() {
      return nanos;
    }
  }

  /**
   * Runs it on a packet without any network (BPF_PROG_TEST_RUN). Repeats see what the run before
   * left of the packet.
   *
   * @param packet a frame of 14 to 3,520 bytes
   */
  public Run testRun(byte[] packet, int repeat) {
    if (packet.length < MIN_PACKET || packet.length > MAX_PACKET) {
      throw new IllegalArgumentException(
          "a frame of " + packet.length + " bytes, expected " + MIN_PACKET + " to " + MAX_PACKET);
    }
    try (var arena = Arena.ofConfined()) {
      var in = arena.allocateFrom(ValueLayout.JAVA_BYTE, packet);
      var out = arena.allocate(packet.length + ROOM);
      var attributes = Bpf.attributes(arena);
      Bpf.putInt(attributes, 0, descriptor());
      Bpf.putInt(attributes, 8, packet.length);
      Bpf.putInt(attributes, 12, (int) out.byteSize());
      Bpf.putLong(attributes, 16, in.address());
      Bpf.putLong(attributes, 24, out.address());
      Bpf.putInt(attributes, 32, repeat);
      Bpf.check(SystemCalls.bpf(Bpf.TEST_RUN, attributes), "running " + name, Hints.kernel());
      return new Run(
          Bpf.getInt(attributes, 4),
          bytes(out, Bpf.getInt(attributes, 12)),
          Bpf.getInt(attributes, 36));
    }
  }

  private static byte[] bytes(MemorySegment memory, int length) {
    return memory.asSlice(0, Math.min(length, memory.byteSize())).toArray(ValueLayout.JAVA_BYTE);
  }

  /** Lets go of it; it lives on while something it is attached to, or a pin, holds it. */
  @Override
  public void close() {
    descriptor.close();
  }
}
