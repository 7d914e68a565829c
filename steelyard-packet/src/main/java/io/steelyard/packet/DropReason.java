package io.steelyard.packet;

/** Why packets for a service went no further; in the order of the programs' enum drop. */
public enum DropReason {
  MALFORMED,
  TCP_FLAGS,
  OPTIONS,
  FRAGMENT,
  NO_ENDPOINT,
  NO_PORT,
  NO_CONNECTION,
  TTL,
  TOO_BIG,
  DENIED,
  PACKET_RATE,
  NEW_RATE,
  RULE,
  COOKIE
}
