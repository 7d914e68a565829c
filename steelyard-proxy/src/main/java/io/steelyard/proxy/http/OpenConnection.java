package io.steelyard.proxy.http;

/** A client's connection as the listener sees it, whatever it speaks. On its event loop. */
interface OpenConnection {
  /** The listener is going away: closes when nothing is under way, or else as soon as that ends. */
  void drain();

  /** This process stops. */
  void closeNow();
}
