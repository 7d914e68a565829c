package io.steelyard.packet.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class AnnouncerTest {
  private static final MacAddress MAC =
      MacAddress.of((byte) 2, (byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte) 7);

  private static String frame(String address) {
    return HexFormat.of().formatHex(Announcer.frame(MAC, InetAddress.ofLiteral(address)));
  }

  /** RFC 5227: sender and target are the address, and the target's MAC is empty. */
  @Test
  void ipv4() {
    assertThat(frame("192.0.2.1"))
        .isEqualTo(
            "ffffffffffff"
                + "020000000007"
                + "0806"
                + "0001080006040001"
                + "020000000007"
                + "c0000201"
                + "000000000000"
                + "c0000201");
  }

  /** RFC 4861, section 4.4. */
  @Test
  void ipv6() {
    var address = "20010db8000000000000000000000001";
    assertThat(frame("2001:db8::1"))
        .isEqualTo(
            "333300000001"
                + "020000000007"
                + "86dd"
                + "60000000"
                + "00203aff"
                + address
                + "ff020000000000000000000000000001"
                + "8800"
                + "f924"
                + "20000000"
                + address
                + "0201"
                + "020000000007");
  }
}
