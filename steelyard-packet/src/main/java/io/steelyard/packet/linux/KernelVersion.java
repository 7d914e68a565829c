package io.steelyard.packet.linux;

import java.util.regex.Pattern;

/** The version of a Linux kernel. */
public record KernelVersion(int major, int minor) {
  private static final Pattern FORM = Pattern.compile("^(\\d+)\\.(\\d+)");

  /** That of {@code uname -r}; 0.0 when it says nothing of the kind. */
  public static KernelVersion of(String release) {
    var matcher = FORM.matcher(release);
    return matcher.find()
        ? new KernelVersion(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)))
        : new KernelVersion(0, 0);
  }

  /** This machine's. */
  public static KernelVersion running() {
    return of(System.getProperty("os.version", ""));
  }

  /**
   * Checks that this kernel is new enough for something.
   *
   * @throws UnsupportedOperationException when it is not; the message names both versions
   */
  public void require(KernelVersion least, String what) {
    if (major < least.major || (major == least.major && minor < least.minor)) {
      throw new UnsupportedOperationException(
          what + " needs Linux " + least + ", this is Linux " + this);
    }
  }

  @Override
  public String toString() {
    return major + "." + minor;
  }
}
