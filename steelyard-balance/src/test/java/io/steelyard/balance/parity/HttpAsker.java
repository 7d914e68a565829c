package io.steelyard.balance.parity;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests on some connections, on each the next when the last is answered: HAProxy 2.6.12
 * answers 400 to some of those that come in one piece.
 */
final class HttpAsker {
  private static final int CONNECTIONS = 8;

  private HttpAsker() {}

  /** The bodies of the answers, each of which is 200. */
  static List<String> ask(int port, List<String> requests) throws Exception {
    String[] bodies = new String[requests.size()];
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> parts = new ArrayList<>();
      for (int i = 0; i < CONNECTIONS; i++) {
        int first = i;
        parts.add(threads.submit(() -> ask(port, requests, first, bodies)));
      }
      for (Future<?> part : parts) {
        part.get();
      }
    }
    return List.of(bodies);
  }

  private static @Nullable Void ask(int port, List<String> requests, int first, String[] bodies)
      throws IOException {
    try (Socket socket = new Socket(Tool.LOOPBACK, port)) {
      socket.setTcpNoDelay(true);
      OutputStream out = socket.getOutputStream();
      InputStream in = new BufferedInputStream(socket.getInputStream());
      for (int i = first; i < requests.size(); i += CONNECTIONS) {
        out.write(requests.get(i).getBytes(ISO_8859_1));
        bodies[i] = body(in);
      }
    }
    return null;
  }

  private static String body(InputStream in) throws IOException {
    String status = line(in);
    assertThat(status).startsWith("HTTP/1.1 200");
    int length = -1;
    for (String field = line(in); !field.isEmpty(); field = line(in)) {
      if (field.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        length = Integer.parseInt(field.substring(15).trim());
      }
    }
    assertThat(length).isNotNegative();
    return new String(in.readNBytes(length), ISO_8859_1);
  }

  static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    int c = in.read();
    for (; c >= 0 && c != '\n'; c = in.read()) {
      if (c != '\r') {
        line.append((char) c);
      }
    }
    if (c < 0) {
      throw new IOException("the connection ended after '" + line + "'");
    }
    return line.toString();
  }
}
