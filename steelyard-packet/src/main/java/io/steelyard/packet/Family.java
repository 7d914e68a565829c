package io.steelyard.packet;

import java.net.Inet4Address;
import java.net.InetAddress;

/** A version of IP; each has programs and maps of its own. */
enum Family {
  IPV4(4, "forward4", "special4", "introducing4"),
  IPV6(16, "forward6", "special6", "introducing6");

  private final int addressBytes;
  private final String program;
  private final String specialProgram;
  private final String introducingProgram;

  Family(int addressBytes, String program, String specialProgram, String introducingProgram) {
    this.addressBytes = addressBytes;
    this.program = program;
    this.specialProgram = specialProgram;
    this.introducingProgram = introducingProgram;
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

  /** The name of the one that it hands rare packets to. */
  String specialProgram() {
    return specialProgram;
  }

  /** The name of the one that carries what has a PROXY header. */
  String introducingProgram() {
    return introducingProgram;
  }
}
