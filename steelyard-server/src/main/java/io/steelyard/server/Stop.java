package io.steelyard.server;

/** Ends the process when it is told to, with status 0. */
final class Stop {
  private Stop() {}

  /**
   * On SIGTERM or SIGINT the server shuts down gracefully. The JVM would then end with the signal's
   * number for its status; a stop that was asked for and done is a success.
   */
  static void onSignal(Server server) {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  if (server.shutdown()) {
                    Runtime.getRuntime().halt(0);
                  }
                },
                "steelyard-stop"));
  }
}
