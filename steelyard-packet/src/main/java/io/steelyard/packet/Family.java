package io.steelyard.packet;

import java.net.Inet4Address;
import java.net.InetAddress;

/** A version of IP; each has programs and maps of its own. */
enum Family {
  IPV4(4, "forward4"),
  IPV6(16, "forward6");

  private final int addressBytes;
  private final String program;

  Family(int addressBytes, String program) {
    this.addressBytes = addressBytes;
    this.program = program;
  }

  static Family of(InetAddress address) {
    return address instanceof Inet4Address ? IPV4 : IPV6;
  }

  int addressBytes() {
    return addressBytes;
  }

  /** The program's name, and its object's. */
  String program() {
    return program;
  }
}
