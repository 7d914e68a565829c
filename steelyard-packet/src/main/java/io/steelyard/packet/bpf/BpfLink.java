package io.steelyard.packet.bpf;

import io.steelyard.packet.linux.Errno;
import io.steelyard.packet.linux.SystemCalls;
import java.lang.foreign.Arena;
import java.nio.file.Path;

/**
 * A program at work at an interface. It ends when its last descriptor closes, unless it is pinned.
 * Thread-safe.
 */
public final class BpfLink implements AutoCloseable {
  private static final int INFO_BYTES = 64;

  private final Descriptor descriptor;

  private BpfLink(Descriptor descriptor) {
    this.descriptor = descriptor;
  }

  /**
   * Attaches a program to an interface of this thread's network namespace.
   *
   * @param mode of an XDP program; of no meaning to others
   * @throws BpfException when the kernel refuses
   */
  public static BpfLink attach(BpfProgram program, int interfaceIndex, XdpMode mode) {
    try (var arena = Arena.ofConfined()) {
      var attributes = Bpf.attributes(arena);
      Bpf.putInt(attributes, 0, program.descriptor());
      Bpf.putInt(attributes, 4, interfaceIndex);
      Bpf.putInt(attributes, 8, program.kind().attachType());
      Bpf.putInt(attributes, 12, program.kind() == ProgramKind.XDP ? mode.flag() : 0);
      int result = SystemCalls.bpf(Bpf.LINK_CREATE, attributes);
      var what = "attaching " + program.name() + " to interface number " + interfaceIndex;
      var hint = result < 0 ? Hints.forAttach(program.kind(), mode, -result) : "";
      return new BpfLink(new Descriptor(Bpf.check(result, what, hint)));
    }
  }

  /**
   * Opens a link that is pinned.
   *
   * @throws BpfException with {@link Errno#ENOENT} when nothing is
   */
  public static BpfLink pinned(Path path) {
    return new BpfLink(Descriptor.pinned(path));
  }

  /** Puts another program in the place of the one at work; every packet sees one or the other. */
  public void update(BpfProgram program) {
    try (var arena = Arena.ofConfined()) {
      var attributes = Bpf.attributes(arena);
      Bpf.putInt(attributes, 0, descriptor.number());
      Bpf.putInt(attributes, 4, program.descriptor());
      int result = SystemCalls.bpf(Bpf.LINK_UPDATE, attributes);
      Bpf.check(result, "replacing a program by " + program.name(), Hints.kernel());
    }
  }

  /** The interface that it is attached to; 0 when that has gone. */
  public int interfaceIndex() {
    try (var arena = Arena.ofConfined()) {
      return Bpf.getInt(Bpf.info(descriptor.number(), INFO_BYTES, arena), 16);
    }
  }

  /** Takes the program off its interface, even when the link is pinned. */
  public void detach() {
    try (var arena = Arena.ofConfined()) {
      var attributes = Bpf.attributes(arena);
      Bpf.putInt(attributes, 0, descriptor.number());
      Bpf.check(
          SystemCalls.bpf(Bpf.LINK_DETACH, attributes), "detaching a program", Hints.kernel());
    }
  }

  /** Gives it a name in a bpffs, which keeps it at work when this process ends. */
  public void pin(Path path) {
    descriptor.pin(path);
  }

  @Override
  public void close() {
    descriptor.close();
  }
}
