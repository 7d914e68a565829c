package io.steelyard.codec.http1;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Makes random valid messages with all liberties that the grammar leaves. */
final class MessageGenerator {

  private static final String TOKEN =
      "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  private static final List<String> METHODS =
      List.of("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH");
  private static final List<String> HOSTS =
      List.of(
          "",
          "h",
          "example.com",
          "EXAMPLE.com:8080",
          "192.0.2.1:80",
          "[2001:db8::1]",
          "[::1]:443",
          "a_b%20c:");

  private final Random random;

  MessageGenerator(long seed) {
    random = new Random(seed);
  }

  /** A request with its body. */
  String request() {
    boolean current = random.nextInt(5) > 0;
    List<String> lines = fields(current);
    if (current || random.nextBoolean()) {
      lines.add(random.nextInt(lines.size() + 1), field("Host", pick(HOSTS)));
    }
    String line = pick(METHODS) + " " + target() + " HTTP/1." + (current ? 1 : 0) + "\r\n";
    if (random.nextInt(20) == 0) {
      line =
          "\r\n"
              + token(1 + random.nextInt(12)).toLowerCase(Locale.ROOT)
              + line.substring(line.indexOf(' '));
    }
    return finish(line, lines, current, random.nextInt(3));
  }

  /** An answer with its body, which does not end with the connection. */
  String response() {
    boolean current = random.nextInt(5) > 0;
    int status = pick(List.of(100, 103, 200, 204, 206, 304, 404, 500, 599));
    boolean empty = status < 200 || status == 204 || status == 304;
    int framing = empty ? 0 : 1 + random.nextInt(current ? 2 : 1);
    String reason = random.nextInt(4) == 0 ? "" : value(random.nextInt(20));
    String line = "HTTP/1." + (current ? 1 : 0) + " " + status + " " + reason + "\r\n";
    return finish(line, fields(current), current, framing);
  }

  /** Framing: 0 none, 1 length, 2 chunked, which needs HTTP/1.1. */
  private String finish(String line, List<String> lines, boolean current, int framing) {
    String body = "";
    if (framing == 2 && current) {
      lines.add(random.nextInt(lines.size() + 1), field("Transfer-Encoding", "chunked"));
      body = chunks();
    } else if (framing > 0) {
      body = value(random.nextInt(300));
      lines.add(random.nextInt(lines.size() + 1), field("Content-Length", "" + body.length()));
    }
    return line + String.join("", lines) + "\r\n" + body;
  }

  private List<String> fields(boolean current) {
    List<String> lines = new ArrayList<>();
    int count = random.nextInt(12);
    for (int i = 0; i < count; i++) {
      String known = pick(List.of(FieldName.values())).text();
      boolean framing =
          List.of("", "Host", "Content-Length", "Transfer-Encoding", "Expect", "Connection")
              .contains(known);
      lines.add(
          field(framing ? "x" + token(random.nextInt(30)) : known, value(random.nextInt(60))));
    }
    if (random.nextInt(3) == 0) {
      lines.add(
          field(
              "Connection",
              pick(List.of("close", "keep-alive", "Keep-Alive, te", "x, Upgrade", "x-y"))));
    }
    if (current && random.nextInt(10) == 0) {
      lines.add(field("Expect", "100-continue"));
    }
    Collections.shuffle(lines, random);
    return lines;
  }

  private String field(String name, String value) {
    String cased = random.nextBoolean() ? name : randomCase(name);
    return cased + ":" + blank() + value + blank() + "\r\n";
  }

  private String chunks() {
    StringBuilder body = new StringBuilder();
    for (int i = random.nextInt(5); i > 0; i--) {
      String data = value(1 + random.nextInt(80));
      body.append(randomCase(Integer.toHexString(data.length())))
          .append(extension())
          .append("\r\n");
      body.append(data).append("\r\n");
    }
    body.append("0").append(extension()).append("\r\n");
    for (int i = random.nextInt(3); i > 0; i--) {
      body.append(field("t" + token(random.nextInt(9)), value(random.nextInt(20))));
    }
    return body.append("\r\n").toString();
  }

  private String extension() {
    return random.nextInt(4) == 0 ? ";" + token(5) + "=" + token(5) : "";
  }

  private String target() {
    String path = "/" + visible(random.nextInt(60));
    return random.nextInt(5) == 0 ? "http://example.com:80" + path : path;
  }

  private String visible(int length) {
    StringBuilder text = new StringBuilder();
    while (text.length() < length) {
      char c = (char) (0x21 + random.nextInt(0xff - 0x20));
      if (c != '#' && (c < 0x7f || c >= 0xa1)) {
        text.append(c);
      }
    }
    return text.toString();
  }

  /** Text without whitespace at its ends. */
  private String value(int length) {
    StringBuilder text = new StringBuilder(visible(length));
    for (int i = random.nextInt(5); i > 0 && length > 2; i--) {
      text.setCharAt(1 + random.nextInt(length - 2), random.nextBoolean() ? ' ' : '\t');
    }
    return text.toString();
  }

  private String token(int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(TOKEN.charAt(random.nextInt(TOKEN.length())));
    }
    return text.toString();
  }

  private String blank() {
    return pick(List.of("", " ", " ", " \t ", "\t"));
  }

  private String randomCase(String text) {
    StringBuilder cased = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      cased.append(random.nextBoolean() ? Character.toUpperCase(c) : Character.toLowerCase(c));
    }
    return cased.toString();
  }

  private <T> T pick(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
