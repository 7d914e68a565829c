package io.steelyard.codec.tls;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/** First messages of TLS clients: of the JDK's, and cut in other ways. */
final class Hellos {
  private Hellos() {}

  /** What the JDK's client sends first. */
  static byte[] of(String serverName, List<String> protocols) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, null, null);
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    if (!serverName.isEmpty()) {
      parameters.setServerNames(List.of(new SNIHostName(serverName)));
    }
    parameters.setApplicationProtocols(protocols.toArray(String[]::new));
    engine.setSSLParameters(parameters);
    ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    engine.wrap(ByteBuffer.allocate(0), out);
    byte[] hello = new byte[out.flip().remaining()];
    out.get(hello);
    return hello;
  }

  /** The same message in records of so many bytes each. */
  static byte[] inRecordsOf(int size, byte[] hello) {
    ByteArrayOutputStream records = new ByteArrayOutputStream();
    for (int at = 5; at < hello.length; at += size) {
      int length = Math.min(size, hello.length - at);
      records.write(hello, 0, 3);
      records.write(length >> 8);
      records.write(length);
      records.write(hello, at, length);
    }
    return records.toByteArray();
  }

  /** A message that has just these extensions. */
  static byte[] withExtensions(byte[]... extensions) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] extension : extensions) {
      all.writeBytes(extension);
    }
    ByteBuffer body = ByteBuffer.allocate(34 + 1 + 4 + 2 + 2 + all.size());
    body.putShort((short) 0x0303).position(34);
    body.put((byte) 0).putShort((short) 2).putShort((short) 0x1301);
    body.put((byte) 1).put((byte) 0).putShort((short) all.size()).put(all.toByteArray());
    ByteBuffer record = ByteBuffer.allocate(9 + body.capacity());
    record.put((byte) 22).putShort((short) 0x0301).putShort((short) (4 + body.capacity()));
    record.putInt(1 << 24 | body.capacity()).put(body.array());
    return record.array();
  }

  /** One extension. */
  static byte[] extension(int type, int... content) {
    ByteBuffer bytes = ByteBuffer.allocate(4 + content.length);
    bytes.putShort((short) type).putShort((short) content.length);
    for (int b : content) {
      bytes.put((byte) b);
    }
    return bytes.array();
  }
}
