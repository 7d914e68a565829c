package io.steelyard.server.admin;

import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells what the packet plane does. Thread-safe; asked for each answer. */
public interface PacketSource {
  /** Where there is no packet plane. */
  PacketSource NONE =
      new PacketSource() {
        @Override
        public @Nullable PacketState state() {
          return null;
        }

        @Override
        public String ipvs() {
          return "There is no packet plane: no listener has the protocol packet.\n";
        }

        @Override
        public List<String> trace(InetAddress vip, int every) {
          throw new IllegalArgumentException(
              "there is no packet plane: no listener has the protocol packet");
        }
      };

  /** At the moment of the call; null when there is no packet plane. */
  @Nullable PacketState state();

  /** Services and endpoints as {@code ipvsadm -Ln} lists them. */
  String ipvs();

  /**
   * What was decided about packets of a virtual address since the last call for it, one line each;
   * the first call begins to look. What nobody asks for is not looked at for long.
   *
   * @param every one packet in so many
   * @throws IllegalArgumentException when it is no virtual address
   */
  List<String> trace(InetAddress vip, int every);
}
