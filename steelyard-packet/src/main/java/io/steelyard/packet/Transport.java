package io.steelyard.packet;

/** What is above IP. */
public enum Transport {
  TCP(6),
  UDP(17),
  /** Echo; errors belong to what they are about. */
  ICMP(1),
  /** Any protocol, whatever its number. */
  ANY(0);

  private final int number;

  Transport(int number) {
    this.number = number;
  }

  /** The protocol's number in IP headers. */
  int number(Family family) {
    return this == ICMP && family == Family.IPV6 ? 58 : number;
  }

  boolean hasPorts() {
    return this == TCP || this == UDP;
  }
}
