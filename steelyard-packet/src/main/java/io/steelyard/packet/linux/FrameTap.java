package io.steelyard.packet.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Copies of the frames that all interfaces of a network namespace receive (packet(7)), that of the
 * thread that opened it, in the order of their coming. The kernel keeps about 200 KB of them until
 * they are asked for. Needs CAP_NET_RAW. For one thread.
 */
public final class FrameTap implements AutoCloseable {
  private static final int AF_PACKET = 17;
  private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
  private static final int LINK_ADDRESS_BYTES = 20;
  private static final int INTERFACE_OFFSET = 4;
  private static final int PACKET_TYPE_OFFSET = 10;
  private static final byte OUTGOING = 4;
  private static final int FRAME_BYTES = 65_536;

  /** ETH_P_ALL in the order of the wire. */
  private static final int ALL = 0x0300;

  private final int descriptor;

  private FrameTap(int descriptor) {
    this.descriptor = descriptor;
  }

  /**
   * A frame.
   *
   * @param interfaceIndex of the interface that received it
   * @param bytes from the Ethernet header on
   */
  public record Received(int interfaceIndex, ByteBuffer bytes) {}

  /**
   * Begins.
   *
   * @throws IllegalStateException when the kernel refuses
   */
  public static FrameTap open() {
    int descriptor = SystemCalls.socket(AF_PACKET, SOCK_RAW_CLOEXEC, ALL);
    if (descriptor < 0) {
      throw new IllegalStateException("opening a packet socket: " + Errno.describe(-descriptor));
    }
    return new FrameTap(descriptor);
  }

  /** What was received since it was asked last; what was sent is left out. Does not wait. */
  public List<Received> received() {
    var frames = new ArrayList<Received>();
    try (var arena = Arena.ofConfined()) {
      var frame = arena.allocate(FRAME_BYTES, Long.BYTES);
      var link = arena.allocate(LINK_ADDRESS_BYTES, Integer.BYTES);
      while (true) {
        int length = SystemCalls.receiveNow(descriptor, frame, link, arena);
        if (length < 0) {
          return frames;
        }
        if (link.get(ValueLayout.JAVA_BYTE, PACKET_TYPE_OFFSET) != OUTGOING) {
          frames.add(
              new Received(
                  link.get(ValueLayout.JAVA_INT, INTERFACE_OFFSET),
                  ByteBuffer.wrap(frame.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE))));
        }
      }
    }
  }

  @Override
  public void close() {
    SystemCalls.close(descriptor);
  }
}
