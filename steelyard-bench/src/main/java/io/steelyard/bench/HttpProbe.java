package io.steelyard.bench;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One keep-alive connection to 127.0.0.1 that asks and checks answers; holds nothing between them.
 * Not for measuring speed.
 */
final class HttpProbe implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 10_000;
  private static final int HEAD_LIMIT = 16 * 1024;
  private static final Pattern STATUS = Pattern.compile("^HTTP/1\\.[01] (\\d{3})");
  private static final Pattern LENGTH = Pattern.compile("(?im)^content-length:\\s*(\\d+)\\s*$");

  private final Socket socket;

  private HttpProbe(Socket socket) {
    this.socket = socket;
  }

  /**
   * @param source the address to connect from: each has its own 28,000 or so ports
   * @param secure over TLS, whatever the certificate
   */
  static HttpProbe connect(String source, int port, boolean secure) throws IOException {
    Socket socket = new Socket();
    try {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.setTcpNoDelay(true);
      socket.bind(new InetSocketAddress(InetAddress.ofLiteral(source), 0));
      socket.connect(
          new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), TIMEOUT_MILLIS);
      return new HttpProbe(secure ? TrustingSockets.over(socket) : socket);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /**
   * Asks for the work's body and reads it whole.
   *
   * @throws IOException when the answer is not 200 or has another length
   */
  void get(Work work) throws IOException {
    String request = "GET " + work.path() + " HTTP/1.1\r\nHost: bench.example\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    String head = readHead();
    int status = Integer.parseInt(group(STATUS, head));
    int length = Integer.parseInt(group(LENGTH, head));
    if (status != 200 || length != work.bodyBytes()) {
      throw new IOException(
          "GET %s: expected 200 with %d bytes but found %d with %d bytes"
              .formatted(work.path(), work.bodyBytes(), status, length));
    }
    socket.getInputStream().skipNBytes(length);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  /** Byte by byte, so that nothing of the body is taken along. */
  private String readHead() throws IOException {
    StringBuilder head = new StringBuilder(256);
    while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
      int b = socket.getInputStream().read();
      if (b < 0) {
        throw new EOFException("the connection was closed after \"" + head + "\"");
      }
      if (head.length() >= HEAD_LIMIT) {
        throw new IOException(
            "expected an answer's head but found " + HEAD_LIMIT + " bytes of other");
      }
      head.append((char) b);
    }
    return head.toString();
  }

  private static String group(Pattern pattern, String head) throws IOException {
    Matcher matcher = pattern.matcher(head);
    if (!matcher.find()) {
      throw new IOException(
          "expected " + pattern + " in the answer's head but found \"" + head + "\"");
    }
    return matcher.group(1);
  }
}
