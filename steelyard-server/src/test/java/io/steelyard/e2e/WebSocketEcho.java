package io.steelyard.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A WebSocket endpoint (RFC 6455) that sends every message back, and a close for a close. */
final class WebSocketEcho implements RawServer.Service {
  private static final Pattern KEY = Pattern.compile("(?im)^sec-websocket-key: *(\\S+)");
  private static final int OPCODE_CLOSE = 8;

  @Override
  public void serve(InputStream in, OutputStream out) throws IOException {
    Matcher key = KEY.matcher(RawServer.readHead(in));
    if (!key.find()) {
      RawServer.write(out, "HTTP/1.1 400 Bad Request\nContent-Length: 0\nConnection: close\n\n");
      return;
    }
    RawServer.write(
        out,
        "HTTP/1.1 101 Switching Protocols\nConnection: Upgrade\nUpgrade: websocket\n"
            + "Sec-WebSocket-Accept: "
            + accept(key.group(1))
            + "\n\n");
    DataInputStream frames = new DataInputStream(in);
    while (echo(frames, out) != OPCODE_CLOSE) {}
  }

  private static String accept(String key) {
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      String text = key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
      return Base64.getEncoder().encodeToString(sha1.digest(text.getBytes(ISO_8859_1)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** One frame; a client's are masked, ours are not. Returns its opcode. */
  private static int echo(DataInputStream in, OutputStream out) throws IOException {
    int first = in.readUnsignedByte();
    int length = in.readUnsignedByte() & 0x7f;
    if (length == 126) {
      length = in.readUnsignedShort();
    } else if (length == 127) {
      length = Math.toIntExact(in.readLong());
    }
    byte[] mask = in.readNBytes(4);
    byte[] payload = in.readNBytes(length);
    for (int i = 0; i < payload.length; i++) {
      payload[i] ^= mask[i % 4];
    }
    out.write(frame(first, payload));
    return first & 0x0f;
  }

  private static byte[] frame(int first, byte[] payload) {
    int extra = payload.length < 126 ? 0 : 2;
    byte[] frame = new byte[2 + extra + payload.length];
    frame[0] = (byte) first;
    frame[1] = (byte) (extra == 0 ? payload.length : 126);
    if (extra > 0) {
      frame[2] = (byte) (payload.length >> 8);
      frame[3] = (byte) payload.length;
    }
    System.arraycopy(payload, 0, frame, 2 + extra, payload.length);
    return frame;
  }
}
