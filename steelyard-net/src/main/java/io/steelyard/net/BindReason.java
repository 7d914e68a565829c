package io.steelyard.net;

import java.io.IOException;

/** Why an address cannot be listened on. */
public final class BindReason {
  private BindReason() {}

  /** The reason in words for a person; what the system said where it is none of the usual ones. */
  public static String of(IOException e) {
    String message = String.valueOf(e.getMessage());
    if (message.contains("Address already in use")) {
      return "the address is already in use by another process";
    }
    if (message.contains("Permission denied")) {
      return "permission denied (ports below 1024 need root or CAP_NET_BIND_SERVICE)";
    }
    if (message.contains("Cannot assign requested address")) {
      return "this machine has no such address";
    }
    return message;
  }
}
