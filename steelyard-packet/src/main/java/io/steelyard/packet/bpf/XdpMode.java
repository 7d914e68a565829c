package io.steelyard.packet.bpf;

/** Where an XDP program runs. */
public enum XdpMode {
  /** In the driver: fast, and not every driver can. */
  NATIVE(1 << 2),
  /** After the kernel has made a packet buffer: every driver can, at several times the cost. */
  GENERIC(1 << 1);

  private final int flag;

  XdpMode(int flag) {
    this.flag = flag;
  }

  /** A flag of XDP_FLAGS_*. */
  int flag() {
    return flag;
  }
}
