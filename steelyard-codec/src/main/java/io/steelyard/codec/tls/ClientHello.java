package io.steelyard.codec.tls;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Finds in the first bytes of a TLS connection which server the client wants (SNI, RFC 6066 section
 * 3) and which protocols it offers (ALPN, RFC 7301), without ending the TLS connection. The message
 * may be spread over many records (RFC 8446 section 5.1) and over many reads.
 *
 * <p>Call {@link #parse} with the same bytes and more until the answer is not {@link
 * Status#INCOMPLETE}. Not thread-safe.
 */
public final class ClientHello {
  /** What is known so far. */
  public enum Status {
    /** More bytes are needed. */
    INCOMPLETE,
    /** The whole message has been read. */
    COMPLETE,
    /** The first bytes are not those of a TLS handshake: another protocol. */
    NOT_TLS,
    /** It began like TLS, and breaks its rules. */
    MALFORMED
  }

  /** No sensible message is longer; OpenSSL's clients stay below 4 KiB, key shares and all. */
  public static final int MOST_BYTES = 32 * 1024;

  private static final int RECORD_HEADER = 5;
  private static final int HANDSHAKE = 22;
  private static final int MOST_FRAGMENT = 16 * 1024;
  private static final int MESSAGE_HEADER = 4;
  private static final int CLIENT_HELLO = 1;
  private static final int VERSION_AND_RANDOM = 34;
  private static final int SERVER_NAME = 0;
  private static final int ALPN = 16;
  private static final int HOST_NAME = 0;
  private static final int MOST_NAME = 255;

  private Status status = Status.INCOMPLETE;
  private byte[] message = {};
  private int length;
  private int records;
  private @Nullable String serverName;
  private List<String> protocols = List.of();
  private boolean sawName;
  private boolean sawProtocols;

  /**
   * Looks at the bytes from {@code start} on, the first of the connection.
   *
   * @param end after the last byte that is there
   */
  public Status parse(ByteBuf buf, int start, int end) {
    while (status == Status.INCOMPLETE && readRecord(buf, start + records, end)) {
      status = readMessage();
    }
    return status;
  }

  /** The name of the wanted server, in lower case; null when the client named none. */
  public @Nullable String serverName() {
    return serverName;
  }

  /** The protocols that the client offers, its favourite first; each as ISO 8859-1. */
  public List<String> protocols() {
    return protocols;
  }

  /** Takes the next record, if it is there whole. */
  private boolean readRecord(ByteBuf buf, int at, int end) {
    int there = end - at;
    if (!beginsLikeRecord(buf, at, there)) {
      status = records == 0 ? Status.NOT_TLS : Status.MALFORMED;
      return false;
    }
    if (there < RECORD_HEADER) {
      return false;
    }
    int size = buf.getUnsignedShort(at + 3);
    if (size == 0 || size > MOST_FRAGMENT || records + RECORD_HEADER + size > MOST_BYTES) {
      status = records == 0 ? Status.NOT_TLS : Status.MALFORMED;
      return false;
    }
    if (records == 0 && there > RECORD_HEADER && buf.getByte(at + RECORD_HEADER) != CLIENT_HELLO) {
      status = Status.NOT_TLS;
      return false;
    }
    if (there < RECORD_HEADER + size) {
      return false;
    }
    append(buf, at + RECORD_HEADER, size);
    records += RECORD_HEADER + size;
    return true;
  }

  private static boolean beginsLikeRecord(ByteBuf buf, int at, int there) {
    return (there < 1 || buf.getByte(at) == HANDSHAKE)
        && (there < 2 || buf.getByte(at + 1) == 3)
        && (there < 3 || buf.getUnsignedByte(at + 2) <= 4);
  }

  private void append(ByteBuf buf, int at, int size) {
    if (message.length - length < size) {
      message = Arrays.copyOf(message, Math.max(length + size, 2 * message.length));
    }
    buf.getBytes(at, message, length, size);
    length += size;
  }

  private Status readMessage() {
    if (length < MESSAGE_HEADER) {
      return Status.INCOMPLETE;
    }
    int end = MESSAGE_HEADER + (u8(1) << 16 | u16(2));
    if (message[0] != CLIENT_HELLO || end > MOST_BYTES) {
      return Status.MALFORMED;
    }
    if (length < end) {
      return Status.INCOMPLETE;
    }
    boolean isFine = readHello(end);
    message = new byte[0];
    return isFine ? Status.COMPLETE : Status.MALFORMED;
  }

  /** RFC 8446 section 4.1.2; the same in older versions. */
  private boolean readHello(int end) {
    int at = MESSAGE_HEADER + VERSION_AND_RANDOM;
    at = skip(at, 1, end); // session id
    at = skip(at, 2, end); // cipher suites
    at = skip(at, 1, end); // compression methods
    if (at < 0) {
      return false;
    }
    if (at == end) {
      return true; // without extensions, as SSL 3.0 was
    }
    if (end - at < 2 || u16(at) != end - at - 2) {
      return false;
    }
    return readExtensions(at + 2, end);
  }

  /** After a vector whose length is written in so many bytes; -1 when it does not fit. */
  private int skip(int at, int lengthBytes, int end) {
    if (at < 0 || end - at < lengthBytes) {
      return -1;
    }
    int after = at + lengthBytes + (lengthBytes == 1 ? u8(at) : u16(at));
    return after <= end ? after : -1;
  }

  private boolean readExtensions(int from, int end) {
    int at = from;
    while (at < end) {
      if (end - at < 4) {
        return false;
      }
      int type = u16(at);
      int next = skip(at + 2, 2, end);
      if (next < 0 || !readExtension(type, at + 4, next)) {
        return false;
      }
      at = next;
    }
    return true;
  }

  private boolean readExtension(int type, int at, int end) {
    return switch (type) {
      case SERVER_NAME -> {
        boolean isFirst = !sawName;
        sawName = true;
        yield isFirst && readNames(at, end);
      }
      case ALPN -> {
        boolean isFirst = !sawProtocols;
        sawProtocols = true;
        yield isFirst && readProtocols(at, end);
      }
      default -> true;
    };
  }

  private boolean readNames(int from, int end) {
    if (end - from < 2 || u16(from) != end - from - 2) {
      return false;
    }
    int at = from + 2;
    while (at < end) {
      int next = end - at < 3 ? -1 : skip(at + 1, 2, end);
      if (next < 0) {
        return false;
      }
      if (u8(at) == HOST_NAME && (serverName != null || !readHostName(at + 3, next))) {
        return false;
      }
      at = next;
    }
    return true;
  }

  private boolean readHostName(int from, int end) {
    int last = end > from && message[end - 1] == '.' ? end - 1 : end;
    if (last == from || last - from > MOST_NAME) {
      return false;
    }
    for (int i = from; i < last; i++) {
      if (message[i] <= ' ' || message[i] == 0x7f) {
        return false; // names are ASCII (RFC 6066 section 3); bytes above it are negative here
      }
    }
    serverName =
        new String(message, from, last - from, StandardCharsets.US_ASCII).toLowerCase(Locale.ROOT);
    return true;
  }

  private boolean readProtocols(int from, int end) {
    if (end - from < 3 || u16(from) != end - from - 2) {
      return false;
    }
    var names = new ArrayList<String>();
    int at = from + 2;
    while (at < end) {
      int next = skip(at, 1, end);
      if (next < 0 || next == at + 1) {
        return false;
      }
      names.add(new String(message, at + 1, next - at - 1, StandardCharsets.ISO_8859_1));
      at = next;
    }
    protocols = List.copyOf(names);
    return true;
  }

  private int u8(int at) {
    return message[at] & 0xff;
  }

  private int u16(int at) {
    return u8(at) << 8 | u8(at + 1);
  }
}
