package io.steelyard.packet.linux;

/**
 * The errors that the kernel is known to answer with here, by their numbers on x86-64 and aarch64.
 */
public enum Errno {
  EPERM(1, "operation not permitted"),
  ENOENT(2, "there is none"),
  E2BIG(7, "too big"),
  EBADF(9, "bad descriptor"),
  EAGAIN(11, "try again"),
  ENOMEM(12, "out of memory"),
  EACCES(13, "permission denied"),
  EFAULT(14, "bad address"),
  EBUSY(16, "busy"),
  EEXIST(17, "exists already"),
  ENODEV(19, "no such device"),
  EINVAL(22, "invalid argument"),
  EMFILE(24, "too many open files"),
  ENOSPC(28, "no space left"),
  ENOSYS(38, "no such system call"),
  EOPNOTSUPP(95, "not supported"),
  EADDRNOTAVAIL(99, "there is no such address"),
  ENOTSUPP(524, "not supported"),
  OTHER(-1, "");

  private final int number;
  private final String text;

  Errno(int number, String text) {
    this.number = number;
    this.text = text;
  }

  /** The error of a number; {@link #OTHER} when it is none of these. */
  public static Errno of(int number) {
    for (var errno : values()) {
      if (errno.number == number) {
        return errno;
      }
    }
    return OTHER;
  }

  /** For messages: the name and what it means. */
  public static String describe(int number) {
    var errno = of(number);
    return errno == OTHER ? "errno " + number : errno + ", " + errno.text;
  }
}
