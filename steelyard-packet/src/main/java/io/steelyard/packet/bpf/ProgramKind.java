package io.steelyard.packet.bpf;

/** Where a program can be attached, told by the name of its section as in libbpf. */
public enum ProgramKind {
  /** At a network driver, before the kernel makes a packet buffer of a frame. */
  XDP(6, 37, "xdp", "5.9"),
  /** Before the network stack. */
  TCX_INGRESS(3, 46, "tcx/ingress", "6.6"),
  /** After the network stack. */
  TCX_EGRESS(3, 47, "tcx/egress", "6.6");

  private final int programType;
  private final int attachType;
  private final String section;
  private final String linkSince;

  ProgramKind(int programType, int attachType, String section, String linkSince) {
    this.programType = programType;
    this.attachType = attachType;
    this.section = section;
    this.linkSince = linkSince;
  }

  /** A number of enum bpf_prog_type. */
  int programType() {
    return programType;
  }

  /** A number of enum bpf_attach_type. */
  int attachType() {
    return attachType;
  }

  /** The kernel that can attach it by a link. */
  String linkSince() {
    return linkSince;
  }

  static ProgramKind ofSection(String section) {
    for (var kind : values()) {
      if (section.equals(kind.section) || section.startsWith(kind.section + "/")) {
        return kind;
      }
    }
    throw new ObjectFormatException(
        "section " + section + " is of no known kind, expected xdp, tcx/ingress or tcx/egress");
  }

  static boolean isProgramSection(String section) {
    for (var kind : values()) {
      if (section.equals(kind.section) || section.startsWith(kind.section + "/")) {
        return true;
      }
    }
    return false;
  }
}
