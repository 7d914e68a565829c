package io.steelyard.packet.linux;

import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** An Ethernet address. Immutable. */
public final class MacAddress {
  private static final int BYTES = 6;

  private final byte[] bytes;

  private MacAddress(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * An address of its bytes.
   *
   * @throws IllegalArgumentException when they are not six
   */
  public static MacAddress of(byte... bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException(
          "a MAC address of " + bytes.length + " bytes, expected " + BYTES);
    }
    return new MacAddress(bytes.clone());
  }

  /** The six bytes. */
  public byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof MacAddress that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** As {@code 02:00:00:00:00:01}. */
  @Override
  public String toString() {
    return HexFormat.ofDelimiter(":").formatHex(bytes);
  }
}
