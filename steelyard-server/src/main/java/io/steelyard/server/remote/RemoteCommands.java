package io.steelyard.server.remote;

import java.util.List;

/** The commands of this package. */
public final class RemoteCommands {
  private RemoteCommands() {}

  /** New ones, for one command line. */
  public static List<Object> all() {
    return List.of(
        new StatusCommand(),
        new TraceCommand(),
        new WishCommand.Ready(),
        new WishCommand.Drain(),
        new WishCommand.Disable());
  }
}
