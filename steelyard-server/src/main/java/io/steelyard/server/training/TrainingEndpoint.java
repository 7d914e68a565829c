package io.steelyard.server.training;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;

/**
 * Answers {@code /N} with N bytes and {@code /chunked} with a few chunks; {@code /close} ends its
 * connection. A thread for each connection.
 */
final class TrainingEndpoint implements AutoCloseable {
  private static final int BACKLOG = 1024;

  private final ServerSocket socket;

  TrainingEndpoint() throws IOException {
    socket = new ServerSocket(0, BACKLOG, InetAddress.ofLiteral("127.0.0.1"));
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return socket.getLocalPort();
  }

  private void accept() {
    try {
      while (true) {
        Socket accepted = socket.accept();
        Thread.ofVirtual().start(() -> serve(accepted));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private static void serve(Socket connection) {
    try (connection) {
      connection.setTcpNoDelay(true);
      Message request = new Message(connection.getInputStream());
      for (String head = request.head(); head != null; head = request.head()) {
        request.body(head);
        String path = head.substring(head.indexOf('/') + 1, head.indexOf(" HTTP"));
        connection.getOutputStream().write(answer(path));
        if (path.equals("close")) {
          return;
        }
      }
    } catch (IOException e) {
      // the proxy has gone
    }
  }

  private static byte[] answer(String path) {
    String start = "HTTP/1.1 200 OK\r\nServer: training\r\nDate: Sat, 01 Jan 2000 00:00:00 GMT\r\n";
    String fields = start + "Content-Type: text/plain\r\nAccept-Ranges: bytes\r\n";
    return switch (path) {
      case "chunked" ->
          Message.bytes(fields + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
      case "close" -> Message.bytes(fields + "Content-Length: 2\r\nConnection: close\r\n\r\nok");
      default -> withBody(fields, Integer.parseInt(path));
    };
  }

  private static byte[] withBody(String fields, int length) {
    byte[] head = Message.bytes(fields + "Content-Length: " + length + "\r\n\r\n");
    byte[] answer = Arrays.copyOf(head, head.length + length);
    Arrays.fill(answer, head.length, answer.length, (byte) 'x');
    return answer;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
