package io.steelyard.balance.health;

/** How far up a probe got, from the network to the meaning of an answer. */
public enum Layer {
  /** The host: its name is not known, there is no way to it, it does not answer pings. */
  L3("L3"),
  /** The port: refused, reset, no connection in time. */
  L4("L4"),
  /** The TLS handshake and the certificate. */
  TLS("TLS"),
  /** The protocol: no answer in time, not an answer, an answer that says failure. */
  L7("L7"),
  /** What the answer contains. */
  CONTENT("content");

  private final String text;

  Layer(String text) {
    this.text = text;
  }

  /** The name in logs, metrics and the API. */
  public String text() {
    return text;
  }
}
