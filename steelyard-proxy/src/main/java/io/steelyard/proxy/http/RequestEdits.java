package io.steelyard.proxy.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.AsciiString;
import io.steelyard.codec.http1.FieldName;
import io.steelyard.codec.http1.HeadEdit;
import io.steelyard.codec.http1.Method;
import io.steelyard.codec.http1.RequestHead;
import io.steelyard.codec.http1.TargetForm;
import io.steelyard.model.Forwarding;
import java.net.Inet6Address;
import java.net.InetSocketAddress;

/**
 * What changes in a request's head on its way from an HTTP/1.1 client to an HTTP/1.1 endpoint: what
 * concerns only the client's connection goes (RFC 9110 section 7.6.1), what tells of the client
 * comes. All else stays as it is, byte by byte.
 *
 * <p>One for each listener and event loop.
 */
final class RequestEdits {
  private static final byte[] COMMA = ascii(", ");
  private static final byte[] LINE_END = ascii("\r\n");
  private static final byte[] QUOTED_LINE_END = ascii("\"\r\n");
  private static final byte[] ROOT = ascii("/");
  private static final byte[] WHOLE_SERVER = ascii("*");
  private static final byte[] HOST = ascii("Host: ");
  private static final byte[] FORWARDED_FOR = ascii("X-Forwarded-For: ");
  private static final byte[] FORWARDED_HOST = ascii("X-Forwarded-Host: ");
  private static final byte[] UPGRADE_CONNECTION = ascii("Connection: Upgrade\r\n");
  private static final byte[] VIA_1_1 = ascii("Via: 1.1 steelyard\r\n");
  private static final byte[] VIA_2_0 = ascii("Via: 2.0 steelyard\r\n");
  private static final byte[] VIA_1_0 = ascii("Via: 1.0 steelyard\r\n");
  private static final AsciiString H2C = AsciiString.cached("h2c");

  private final HeadEdit edit;
  private final boolean replace;
  private final boolean tell;
  private final boolean forwarded;
  private final boolean via;
  private final String proto;
  private final byte[] forwardedProto;
  private final boolean certificates;

  /**
   * @param secure clients come in TLS
   * @param certificates endpoints are told about clients' certificates
   */
  RequestEdits(HeadEdit edit, Forwarding forwarding, boolean secure, boolean certificates) {
    this.edit = edit;
    this.replace = forwarding.xForwarded() == Forwarding.Mode.REPLACE;
    this.tell = forwarding.xForwarded() != Forwarding.Mode.OFF;
    this.forwarded = forwarding.forwarded();
    this.via = forwarding.via();
    this.proto = secure ? "https" : "http";
    this.forwardedProto = ascii("X-Forwarded-Proto: " + proto + "\r\n");
    this.certificates = certificates;
  }

  /**
   * Does the client ask for another protocol, and for one that a tunnel can carry? Not for HTTP/2,
   * which we would not see through.
   */
  static boolean wantsUpgrade(RequestHead head, ByteBuf buf, int start) {
    if (!head.connectionUpgrade() || head.minorVersion() == 0) {
      return false;
    }
    int field = head.find(FieldName.UPGRADE);
    if (field < 0) {
      return false;
    }
    int length = head.valueEnd(field) - head.valueStart(field);
    CharSequence value = buf.getCharSequence(start + head.valueStart(field), length, US_ASCII);
    return !AsciiString.containsIgnoreCase(value, H2C);
  }

  /**
   * Edits the head that begins at {@code message}'s reader index and hands head and body to the
   * exchange.
   *
   * @param message taken over
   */
  void hold(
      Http1Request request,
      ClientStream client,
      boolean upgrade,
      ByteBuf message,
      ByteBufAllocator allocator) {
    int start = message.readerIndex();
    RequestHead head = request.head;
    edit.start(head);
    editTarget(head, message, start);
    editFields(head, client, upgrade);
    if (certificates) {
      editCertificates(head, client, message, start);
    }
    appendFields(head, client, message, start);
    int begin = edit.applyInPlace(message, start, start, message.writerIndex());
    if (begin != HeadEdit.NO_ROOM) {
      request.exchange.hold(message.readerIndex(begin));
      return;
    }
    request.exchange.hold(edit.copy(message, start, allocator));
    if (message.readableBytes() > head.length()) {
      request.exchange.hold(message.skipBytes(head.length()));
    } else {
      message.release();
    }
  }

  /**
   * Endpoints are spoken to in HTTP/1.1 and asked for a path (RFC 9112 section 3.2.1), whatever the
   * client wrote.
   */
  private void editTarget(RequestHead head, ByteBuf buf, int start) {
    if (head.minorVersion() == 0) {
      buf.setByte(start + head.startLineEnd() - LINE_END.length - 1, '1');
    }
    if (head.form() != TargetForm.ABSOLUTE) {
      return;
    }
    edit.remove(head.targetStart(), head.pathStart());
    if (head.pathStart() == head.pathEnd()) {
      edit.insert(head.pathStart(), head.method() == Method.OPTIONS ? WHOLE_SERVER : ROOT);
    } else if (buf.getByte(start + head.pathStart()) != '/') {
      edit.insert(head.pathStart(), ROOT);
    }
    int host = head.hostIndex();
    if (host >= 0) {
      edit.remove(head.valueStart(host), head.valueEnd(host));
      edit.insert(head.valueEnd(host), buf, start + head.authorityStart(), authorityLength(head));
    }
  }

  private void editFields(RequestHead head, ClientStream client, boolean upgrade) {
    int count = head.fieldCount();
    int lastForwardedFor = -1;
    for (int i = 0; i < count; i++) {
      switch (head.known(i)) {
        case CONNECTION, KEEP_ALIVE, PROXY_CONNECTION, TE -> edit.removeField(head, i);
        case UPGRADE -> removeIf(head, i, !upgrade);
        case X_FORWARDED_FOR -> {
          removeIf(head, i, replace);
          lastForwardedFor = i;
        }
        case X_FORWARDED_PROTO, X_FORWARDED_HOST -> removeIf(head, i, replace);
        case FORWARDED -> removeIf(head, i, replace && forwarded);
        default -> removeIf(head, i, head.named(i));
      }
    }
    if (upgrade) {
      edit.append(UPGRADE_CONNECTION);
    }
    if (tell && !replace && lastForwardedFor >= 0) {
      int end = head.valueEnd(lastForwardedFor);
      if (end > head.valueStart(lastForwardedFor)) {
        edit.insert(end, COMMA);
      }
      edit.insert(end, client.addressBytes());
    }
  }

  /** Only we may tell of certificates. */
  private void editCertificates(RequestHead head, ClientStream client, ByteBuf buf, int start) {
    for (int i = 0; i < head.fieldCount(); i++) {
      removeIf(head, i, CertificateFields.isOne(head, i, buf, start));
    }
    byte[] lines = client.certificateFields();
    if (lines != null) {
      edit.append(lines);
    }
  }

  private void removeIf(RequestHead head, int field, boolean remove) {
    if (remove) {
      edit.removeField(head, field);
    }
  }

  private void appendFields(RequestHead head, ClientStream client, ByteBuf buf, int start) {
    if (head.hostIndex() < 0) {
      appendHost(head, client, buf, start);
    }
    if (tell) {
      appendForwardedFor(head, client, buf, start);
    }
    if (forwarded) {
      appendForwarded(head, client, buf, start);
    }
    if (via) {
      edit.append(client.isMultiplexed() ? VIA_2_0 : head.minorVersion() == 0 ? VIA_1_0 : VIA_1_1);
    }
  }

  /**
   * HTTP/1.0 allows no Host; HTTP/1.1 endpoints need one: then it is the address that the client
   * came to.
   */
  private void appendHost(RequestHead head, ClientStream client, ByteBuf buf, int start) {
    edit.append(HOST);
    if (authorityLength(head) > 0) {
      edit.append(buf, start + head.authorityStart(), authorityLength(head));
    } else {
      edit.append(ascii(hostText(client.localAddress())));
    }
    edit.append(LINE_END);
  }

  private void appendForwardedFor(RequestHead head, ClientStream client, ByteBuf buf, int start) {
    if (replace || !head.has(FieldName.X_FORWARDED_FOR)) {
      edit.append(FORWARDED_FOR);
      edit.append(client.addressBytes());
      edit.append(LINE_END);
    }
    if (replace || !head.has(FieldName.X_FORWARDED_PROTO)) {
      edit.append(forwardedProto);
    }
    if (authorityLength(head) > 0 && (replace || !head.has(FieldName.X_FORWARDED_HOST))) {
      edit.append(FORWARDED_HOST);
      edit.append(buf, start + head.authorityStart(), authorityLength(head));
      edit.append(LINE_END);
    }
  }

  /** RFC 7239; one more line is one more element of the list. */
  private void appendForwarded(RequestHead head, ClientStream client, ByteBuf buf, int start) {
    String address = client.clientAddress();
    String node = address.indexOf(':') < 0 ? address : "\"[" + address + "]\"";
    edit.append(ascii("Forwarded: for=" + node + ";proto=" + proto));
    if (authorityLength(head) > 0) {
      edit.append(ascii(";host=\""));
      edit.append(buf, start + head.authorityStart(), authorityLength(head));
      edit.append(QUOTED_LINE_END);
    } else {
      edit.append(LINE_END);
    }
  }

  private static int authorityLength(RequestHead head) {
    return head.authorityEnd() - head.authorityStart();
  }

  private static String hostText(InetSocketAddress local) {
    String address = local.getAddress().getHostAddress();
    String host = local.getAddress() instanceof Inet6Address ? "[" + address + "]" : address;
    return host + ":" + local.getPort();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(US_ASCII);
  }
}
