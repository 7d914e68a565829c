package io.steelyard.server.admin;

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
      };

  /** At the moment of the call; null when there is no packet plane. */
  @Nullable PacketState state();

  /** Services and endpoints as {@code ipvsadm -Ln} lists them. */
  String ipvs();
}
