package io.steelyard.codec.proxyprotocol;

import io.netty.buffer.ByteBuf;
import io.steelyard.codec.proxyprotocol.ProxyHeader.Extra;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Reads a PROXY protocol header (HAProxy's specification, doc/proxy-protocol.txt of 2.6) from the
 * first bytes of a connection, in either version. Strict: what does not follow the specification is
 * refused, as it demands, for a wrong header is a wrong client.
 *
 * <p>Call {@link #read} with the same bytes and more while it says {@link #INCOMPLETE}. One reader
 * for each header; not thread-safe.
 */
public final class ProxyHeaderReader {
  /** More bytes are needed. */
  public static final int INCOMPLETE = -1;

  /** This is no header. */
  public static final int MALFORMED = -2;

  /** The longest header of version 1, its CR LF included. */
  private static final int MOST_V1 = 107;

  /** A header of version 2 with more than this is refused: certificates fit, floods do not. */
  private static final int MOST_V2 = 16 * 1024;

  private static final byte[] V1 = "PROXY ".getBytes(StandardCharsets.US_ASCII);
  static final byte[] V2 = {13, 10, 13, 10, 0, 13, 10, 'Q', 'U', 'I', 'T', 10};
  static final int V2_FIXED = 16;

  private @Nullable ProxyHeader header;

  /**
   * Looks for the header.
   *
   * @param start of the connection's first byte
   * @param end after the last byte that is there
   * @return how many bytes the header takes, or {@link #INCOMPLETE} or {@link #MALFORMED}
   */
  public int read(ByteBuf buf, int start, int end) {
    int there = end - start;
    if (there == 0) {
      return INCOMPLETE;
    }
    byte[] signature = buf.getByte(start) == 'P' ? V1 : V2;
    for (int i = 0; i < Math.min(there, signature.length); i++) {
      if (buf.getByte(start + i) != signature[i]) {
        return MALFORMED;
      }
    }
    if (there < signature.length) {
      return INCOMPLETE;
    }
    return signature.length == V1.length ? readV1(buf, start, end) : readV2(buf, start, end);
  }

  /**
   * What the header says.
   *
   * @throws IllegalStateException when none has been read
   */
  public ProxyHeader header() {
    ProxyHeader read = header;
    if (read == null) {
      throw new IllegalStateException("no header has been read");
    }
    return read;
  }

  private int readV1(ByteBuf buf, int start, int end) {
    int limit = Math.min(end, start + MOST_V1);
    int newline = buf.indexOf(start, limit, (byte) '\n');
    if (newline < 0) {
      return end - start >= MOST_V1 ? MALFORMED : INCOMPLETE;
    }
    if (buf.getByte(newline - 1) != '\r') {
      return MALFORMED;
    }
    String line = buf.toString(start, newline - 1 - start, StandardCharsets.ISO_8859_1);
    header = V1Line.parse(line);
    return header == null ? MALFORMED : newline + 1 - start;
  }

  private int readV2(ByteBuf buf, int start, int end) {
    if (end - start < V2_FIXED) {
      return INCOMPLETE;
    }
    int length = buf.getUnsignedShort(start + 14);
    int versionAndCommand = buf.getUnsignedByte(start + 12);
    if (versionAndCommand >> 4 != 2 || (versionAndCommand & 15) > 1 || length > MOST_V2) {
      return MALFORMED;
    }
    if (end - start < V2_FIXED + length) {
      return INCOMPLETE;
    }
    boolean isLocal = (versionAndCommand & 15) == 0;
    header =
        readV2(buf, start, start + V2_FIXED + length, isLocal, buf.getUnsignedByte(start + 13));
    return header == null ? MALFORMED : V2_FIXED + length;
  }

  private static @Nullable ProxyHeader readV2(
      ByteBuf buf, int start, int end, boolean isLocal, int familyAndTransport) {
    int at = start + V2_FIXED;
    int family = familyAndTransport >> 4;
    int transport = familyAndTransport & 15;
    int size = addressBytes(family);
    if (transport > 2 || size < 0 || end - at < size) {
      return null;
    }
    List<Extra> extras = readExtras(buf, start, at + size, end);
    if (extras == null) {
      return null;
    }
    boolean isKnown = !isLocal && transport != 0 && (family == 1 || family == 2);
    if (!isKnown) {
      return new ProxyHeader(null, null, false, extras);
    }
    int each = family == 1 ? 4 : 16;
    return new ProxyHeader(
        address(buf, at, each, at + 2 * each),
        address(buf, at + each, each, at + 2 * each + 2),
        transport == 2,
        extras);
  }

  private static int addressBytes(int family) {
    return switch (family) {
      case 0 -> 0;
      case 1 -> 12;
      case 2 -> 36;
      case 3 -> 216;
      default -> -1;
    };
  }

  static InetSocketAddress address(ByteBuf buf, int at, int size, int portAt) {
    byte[] bytes = new byte[size];
    buf.getBytes(at, bytes);
    try {
      return new InetSocketAddress(InetAddress.getByAddress(bytes), buf.getUnsignedShort(portAt));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("4 or 16 bytes are an address", e);
    }
  }

  private static @Nullable List<Extra> readExtras(ByteBuf buf, int start, int from, int end) {
    if (from == end) {
      return List.of();
    }
    List<Extra> extras = new ArrayList<>();
    int at = from;
    while (at < end) {
      if (end - at < 3) {
        return null;
      }
      int size = buf.getUnsignedShort(at + 1);
      if (end - at - 3 < size) {
        return null;
      }
      byte[] value = new byte[size];
      buf.getBytes(at + 3, value);
      int type = buf.getUnsignedByte(at);
      if (type == Extra.CRC32C && !isIntact(buf, start, end, at + 3, value)) {
        return null;
      }
      extras.add(new Extra(type, value));
      at += 3 + size;
    }
    return extras;
  }

  /** The checksum is of the header with zeroes in the checksum's place (section 2.2.3). */
  private static boolean isIntact(ByteBuf buf, int start, int end, int at, byte[] value) {
    if (value.length != 4) {
      return false;
    }
    byte[] bytes = new byte[end - start];
    buf.getBytes(start, bytes);
    long claimed = buf.getUnsignedInt(at);
    for (int i = 0; i < 4; i++) {
      bytes[at - start + i] = 0;
    }
    CRC32C sum = new CRC32C();
    sum.update(bytes);
    return sum.getValue() == claimed;
  }
}
