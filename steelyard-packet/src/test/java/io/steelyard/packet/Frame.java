package io.steelyard.packet;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;

/** An Ethernet frame with an IP packet, written and read without any code of the product. */
final class Frame {
  static final int SYN = 2;
  static final int RST = 4;
  static final int FIN = 1;
  static final int ACK = 16;
  static final int PSH = 8;

  static final int TCP = 6;
  static final int UDP = 17;
  static final int ICMP = 1;
  static final int ICMP6 = 58;

  private static final int ETHERNET = 14;
  private static final byte[] OWN_MAC = HexFormat.of().parseHex("020000000001");
  private static final byte[] CLIENT_MAC = HexFormat.of().parseHex("020000000002");

  private final ByteBuffer bytes;
  private final int ip;

  private Frame(byte[] bytes, int ip) {
    this.bytes = ByteBuffer.wrap(bytes);
    this.ip = ip;
  }

  static Frame of(byte[] bytes) {
    return new Frame(bytes.clone(), ETHERNET);
  }

  static InetAddress address(String text) {
    try {
      return InetAddress.getByName(text);
    } catch (UnknownHostException impossible) {
      throw new AssertionError(impossible);
    }
  }

  static Frame tcp(
      InetAddress from, int fromPort, InetAddress to, int toPort, int flags, byte[] payload) {
    var segment = ByteBuffer.allocate(20 + payload.length);
    segment
        .putShort((short) fromPort)
        .putShort((short) toPort)
        .putInt(0x01020304)
        .putInt(0x05060708);
    segment.putShort((short) (5 << 12 | flags)).putShort((short) 1000).putInt(0).put(payload);
    return packet(from, to, TCP, segment.array()).withTransportChecksum();
  }

  /** With all that a handshake needs. */
  static Frame segment(
      InetAddress from,
      int fromPort,
      InetAddress to,
      int toPort,
      int flags,
      int sequence,
      int acknowledged,
      byte[] options) {
    var segment = ByteBuffer.allocate(20 + options.length);
    segment.putShort((short) fromPort).putShort((short) toPort);
    segment.putInt(sequence).putInt(acknowledged);
    segment.putShort((short) ((5 + options.length / 4) << 12 | flags)).putShort((short) 3000);
    segment.putInt(0).put(options);
    return packet(from, to, TCP, segment.array()).withTransportChecksum();
  }

  static Frame udp(InetAddress from, int fromPort, InetAddress to, int toPort, byte[] payload) {
    var datagram = ByteBuffer.allocate(8 + payload.length);
    datagram
        .putShort((short) fromPort)
        .putShort((short) toPort)
        .putShort((short) (8 + payload.length));
    datagram.putShort((short) 0).put(payload);
    return packet(from, to, UDP, datagram.array()).withTransportChecksum();
  }

  static Frame icmp(
      InetAddress from, InetAddress to, int type, int code, int rest, byte[] payload) {
    var message = ByteBuffer.allocate(8 + payload.length);
    message.put((byte) type).put((byte) code).putShort((short) 0).putInt(rest).put(payload);
    int protocol = from.getAddress().length == 4 ? ICMP : ICMP6;
    return packet(from, to, protocol, message.array()).withTransportChecksum();
  }

  static Frame packet(InetAddress from, InetAddress to, int protocol, byte[] payload) {
    boolean v4 = from.getAddress().length == 4;
    var frame = ByteBuffer.allocate(ETHERNET + (v4 ? 20 : 40) + payload.length);
    frame.put(OWN_MAC).put(CLIENT_MAC).putShort((short) (v4 ? 0x0800 : 0x86dd));
    if (v4) {
      frame
          .put((byte) 0x45)
          .put((byte) 0)
          .putShort((short) (20 + payload.length))
          .putShort((short) 77);
      frame.putShort((short) 0x4000).put((byte) 64).put((byte) protocol).putShort((short) 0);
    } else {
      frame.putInt(6 << 28 | 0x12345).putShort((short) payload.length);
      frame.put((byte) protocol).put((byte) 64);
    }
    frame.put(from.getAddress()).put(to.getAddress()).put(payload);
    return new Frame(frame.array(), ETHERNET).withHeaderChecksum();
  }

  byte[] bytes() {
    return bytes.array();
  }

  /** The packet within this tunnel packet, as a view of the same bytes. */
  Frame inner() {
    int at = transport() + (protocol() == UDP ? 8 : 0);
    return new Frame(bytes.array(), at);
  }

  /** The packet that an ICMP error quotes. */
  Frame quoted() {
    return new Frame(bytes.array(), transport() + 8);
  }

  /** From the IP header on, as long as the header says. */
  byte[] ipBytes() {
    return Arrays.copyOfRange(bytes.array(), ip, ip + length());
  }

  boolean isV4() {
    return bytes.get(ip) >> 4 == 4;
  }

  int length() {
    return isV4() ? u16(ip + 2) : 40 + u16(ip + 4);
  }

  int ttl() {
    return u8(ip + (isV4() ? 8 : 7));
  }

  int protocol() {
    return u8(ip + (isV4() ? 9 : 6));
  }

  InetAddress source() {
    return isV4() ? address(ip + 12, 4) : address(ip + 8, 16);
  }

  InetAddress destination() {
    return isV4() ? address(ip + 16, 4) : address(ip + 24, 16);
  }

  int sourcePort() {
    return u16(transport());
  }

  int destinationPort() {
    return u16(transport() + 2);
  }

  int sequence() {
    return bytes.getInt(transport() + 4);
  }

  int acknowledged() {
    return bytes.getInt(transport() + 8);
  }

  int tcpFlags() {
    return u8(transport() + 13);
  }

  int window() {
    return u16(transport() + 14);
  }

  byte[] tcpOptions() {
    int end = transport() + (u8(transport() + 12) >> 4) * 4;
    return Arrays.copyOfRange(bytes.array(), transport() + 20, end);
  }

  /** Behind the TCP header. */
  byte[] tcpData() {
    int start = transport() + (u8(transport() + 12) >> 4) * 4;
    return Arrays.copyOfRange(bytes.array(), start, ip + length());
  }

  int icmpType() {
    return u8(transport());
  }

  int icmpCode() {
    return u8(transport() + 1);
  }

  int icmpRest() {
    return bytes.getInt(transport() + 4);
  }

  /** Everything behind the ports, checksum and flags left as they are. */
  byte[] payload() {
    int header = protocol() == TCP ? 20 : 8;
    return Arrays.copyOfRange(bytes.array(), transport() + header, ip + length());
  }

  String macs() {
    var hex = HexFormat.of();
    return hex.formatHex(bytes.array(), 6, 12) + " > " + hex.formatHex(bytes.array(), 0, 6);
  }

  Frame with(int offsetFromIp, int value) {
    bytes.put(ip + offsetFromIp, (byte) value);
    return this;
  }

  /** For IPv4, as the other checksum is that of the transport. */
  Frame withHeaderChecksum() {
    if (isV4()) {
      bytes.putShort(ip + 10, (short) 0);
      bytes.putShort(ip + 10, (short) ~sum(ip, 20, 0));
    }
    return this;
  }

  Frame withTransportChecksum() {
    int at = checksumAt();
    if (at > 0) {
      bytes.putShort(at, (short) 0);
      int checksum = ~sum(transport(), length() - (transport() - ip), pseudoHeader()) & 0xffff;
      bytes.putShort(at, (short) (protocol() == UDP && checksum == 0 ? 0xffff : checksum));
    }
    return this;
  }

  /** UDP without a checksum. */
  Frame withoutUdpChecksum() {
    bytes.putShort(transport() + 6, (short) 0);
    return this;
  }

  /** What is wrong with the checksums; empty when nothing is. */
  String checksumProblem() {
    if (isV4() && sum(ip, 20, 0) != 0xffff) {
      return "the header's checksum is wrong";
    }
    int at = checksumAt();
    if (at < 0 || (protocol() == UDP && u16(at) == 0)) {
      return "";
    }
    int found = sum(transport(), length() - (transport() - ip), pseudoHeader());
    return found == 0xffff ? "" : "the transport's checksum is wrong";
  }

  private int checksumAt() {
    return switch (protocol()) {
      case TCP -> transport() + 16;
      case UDP -> transport() + 6;
      case ICMP, ICMP6 -> transport() + 2;
      default -> -1;
    };
  }

  private int pseudoHeader() {
    if (protocol() == ICMP) {
      return 0;
    }
    int addresses = isV4() ? sum(ip + 12, 8, 0) : sum(ip + 8, 32, 0);
    return addresses + protocol() + length() - (isV4() ? 20 : 40);
  }

  private int sum(int from, int length, int initial) {
    long sum = initial;
    for (int i = 0; i < length; i += 2) {
      sum += (long) u8(from + i) << 8 | (i + 1 < length ? u8(from + i + 1) : 0);
    }
    while (sum >>> 16 != 0) {
      sum = (sum & 0xffff) + (sum >>> 16);
    }
    return (int) sum;
  }

  private int transport() {
    return ip + (isV4() ? (u8(ip) & 0xf) * 4 : 40);
  }

  private InetAddress address(int at, int length) {
    try {
      return InetAddress.getByAddress(Arrays.copyOfRange(bytes.array(), at, at + length));
    } catch (UnknownHostException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private int u8(int at) {
    return bytes.get(at) & 0xff;
  }

  private int u16(int at) {
    return bytes.getShort(at) & 0xffff;
  }

  @Override
  public String toString() {
    return macs()
        + " "
        + source()
        + ":"
        + sourcePort()
        + " > "
        + destination()
        + ":"
        + destinationPort();
  }
}
