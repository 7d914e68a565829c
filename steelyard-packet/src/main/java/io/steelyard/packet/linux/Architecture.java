package io.steelyard.packet.linux;

/**
 * The system calls that are made here, by their numbers.
 *
 * <p>Source: arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h of the
 * kernel.
 */
enum Architecture {
  X86_64(3, 9, 11, 41, 44, 45, 257, 308, 321),
  AARCH64(57, 222, 215, 198, 206, 207, 56, 268, 280);

  final int close;
  final int mmap;
  final int munmap;
  final int socket;
  final int sendto;
  final int recvfrom;
  final int openat;
  final int setns;
  final int bpf;

  Architecture(
      int close,
      int mmap,
      int munmap,
      int socket,
      int sendto,
      int recvfrom,
      int openat,
      int setns,
      int bpf) {
    this.close = close;
    this.mmap = mmap;
    this.munmap = munmap;
    this.socket = socket;
    this.sendto = sendto;
    this.recvfrom = recvfrom;
    this.openat = openat;
    this.setns = setns;
    this.bpf = bpf;
  }

  /** Both are little-endian in every Linux that runs a JVM. */
  static Architecture of(String name) {
    return switch (name) {
      case "amd64", "x86_64" -> X86_64;
      case "aarch64" -> AARCH64;
      default ->
          throw new UnsupportedOperationException(
              "the packet plane knows no system calls of " + name + ", expected amd64 or aarch64");
    };
  }
}
