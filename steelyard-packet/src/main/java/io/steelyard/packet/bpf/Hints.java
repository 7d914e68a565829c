package io.steelyard.packet.bpf;

import io.steelyard.packet.linux.Errno;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What may be missing when the kernel refuses. */
final class Hints {
  private static final int CAP_NET_ADMIN = 12;
  private static final int CAP_SYS_ADMIN = 21;
  private static final int CAP_BPF = 39;

  private Hints() {}

  static String kernel() {
    return "this is Linux " + System.getProperty("os.version", "?");
  }

  static String forMap(MapSpec spec, int error) {
    return switch (Errno.of(error)) {
      case EPERM, EACCES -> capabilities();
      case EINVAL, E2BIG ->
          "this kernel may lack the map "
              + MapType.describe(spec.type())
              + " with flags 0x"
              + Integer.toHexString(spec.flags())
              + ", or refuse "
              + spec.maxEntries()
              + " entries; "
              + kernel();
      case ENOMEM ->
          spec.maxEntries() + " entries need more memory than the kernel gives; lower it";
      case ENOSYS -> "this kernel has no bpf(2)";
      case ENOENT,
          EBADF,
          EAGAIN,
          EFAULT,
          EBUSY,
          EEXIST,
          ENODEV,
          EMFILE,
          ENOSPC,
          EOPNOTSUPP,
          ENOTSUPP,
          EADDRNOTAVAIL,
          OTHER ->
          "";
    };
  }

  static String forProgram(int error) {
    return switch (Errno.of(error)) {
      case EPERM -> capabilities();
      case ENOSYS -> "this kernel has no bpf(2)";
      case EINVAL,
          EACCES,
          E2BIG,
          ENOSPC,
          ENOENT,
          EBADF,
          EAGAIN,
          ENOMEM,
          EFAULT,
          EBUSY,
          EEXIST,
          ENODEV,
          EMFILE,
          EOPNOTSUPP,
          ENOTSUPP,
          EADDRNOTAVAIL,
          OTHER ->
          kernel();
    };
  }

  static String forAttach(ProgramKind kind, XdpMode mode, int error) {
    return switch (Errno.of(error)) {
      case EPERM, EACCES -> capabilities();
      case ENODEV -> "there is no such interface in this network namespace";
      case EBUSY, EEXIST ->
          "another program is attached there, see: ip link show, bpftool net list";
      case EOPNOTSUPP, ENOTSUPP -> withoutNative(mode);
      case EINVAL ->
          "there may be no such interface in this network namespace; links of "
              + kind
              + " need Linux "
              + kind.linkSince()
              + ", and "
              + kernel()
              + "; native XDP also needs an MTU that the driver can hold in one page";
      case ENOENT,
          E2BIG,
          EBADF,
          EAGAIN,
          ENOMEM,
          EFAULT,
          EMFILE,
          ENOSPC,
          ENOSYS,
          EADDRNOTAVAIL,
          OTHER ->
          "";
    };
  }

  private static String withoutNative(XdpMode mode) {
    return switch (mode) {
      case NATIVE ->
          "the driver has no native XDP; generic mode works with every driver, and is slower";
      case GENERIC -> "generic XDP is not supported by this kernel";
    };
  }

  static String forPin(int error) {
    return switch (Errno.of(error)) {
      case EPERM, EINVAL ->
          "the directory must be a bpffs: mount -t bpf bpf DIRECTORY; " + capabilities();
      case EEXIST -> "something is pinned there already";
      case ENOENT -> "the directory is not there";
      case E2BIG,
          EBADF,
          EAGAIN,
          ENOMEM,
          EACCES,
          EFAULT,
          EBUSY,
          ENODEV,
          EMFILE,
          ENOSPC,
          ENOSYS,
          EOPNOTSUPP,
          ENOTSUPP,
          EADDRNOTAVAIL,
          OTHER ->
          "";
    };
  }

  private static String capabilities() {
    try {
      for (var line : Files.readAllLines(Path.of("/proc/self/status"))) {
        if (line.startsWith("CapEff:")) {
          return missing(Long.parseUnsignedLong(line.substring(7).strip(), 16));
        }
      }
    } catch (IOException | NumberFormatException unreadable) {
      return "CAP_BPF and CAP_NET_ADMIN are needed";
    }
    return "CAP_BPF and CAP_NET_ADMIN are needed";
  }

  /** What a process with these effective capabilities lacks. */
  static String missing(long effective) {
    var text = new StringBuilder();
    if (!has(effective, CAP_BPF) && !has(effective, CAP_SYS_ADMIN)) {
      text.append("CAP_BPF is missing");
    }
    if (!has(effective, CAP_NET_ADMIN)) {
      text.append(text.isEmpty() ? "" : ", ").append("CAP_NET_ADMIN is missing");
    }
    return text.isEmpty()
        ? "the process has CAP_BPF and CAP_NET_ADMIN; a security module, a container's seccomp"
            + " profile or kernel lockdown may forbid it"
        : text + "; run as root or give it these capabilities";
  }

  private static boolean has(long effective, int capability) {
    return (effective >>> capability & 1) != 0;
  }
}
