package io.steelyard.packet.e2e;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.steelyard.packet.Decapsulator;
import io.steelyard.packet.bpf.XdpMode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.Executors;

/**
 * An endpoint of a lab: HTTP and UDP on ports 80 and 8080 of all its addresses; says who it is and
 * whom it sees. Takes packets out of tunnels.
 */
final class EndpointProgram {
  private static final byte[] CONTENT = Lab.content();
  private static final int DNS_HEADER = 12;

  private final String name;

  private EndpointProgram(String name) {
    this.name = name;
  }

  public static void main(String[] arguments) throws IOException {
    var endpoint = new EndpointProgram(arguments[0]);
    try (var decapsulator = Decapsulator.open("eth0", XdpMode.NATIVE)) {
      decapsulator.accept(InetAddress.getByName("10.20.0.192"), 28);
      decapsulator.accept(InetAddress.getByName("fd20::c:0"), 112);
      for (int port : new int[] {80, 8080}) {
        endpoint.serveHttp(port);
        endpoint.serveUdp(port);
      }
      System.out.println("ready");
      // Until whoever started this closes its end.
      System.in.transferTo(OutputStream.nullOutputStream());
    }
    System.exit(0);
  }

  private void serveHttp(int port) throws IOException {
    var server = HttpServer.create(new InetSocketAddress(port), 256);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/who", this::who);
    server.createContext("/bytes", EndpointProgram::bytes);
    server.createContext("/sum", EndpointProgram::sum);
    server.start();
  }

  private void who(HttpExchange exchange) throws IOException {
    answer(exchange, identity(exchange.getRemoteAddress().getAddress()));
  }

  private String identity(InetAddress client) {
    return name + " sees " + client.getHostAddress().replaceAll("%.*", "");
  }

  private static void answer(HttpExchange exchange, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private static void bytes(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, CONTENT.length);
    // In small pieces: the server makes a buffer of each.
    new ByteArrayInputStream(CONTENT).transferTo(exchange.getResponseBody());
    exchange.close();
  }

  private static void sum(HttpExchange exchange) throws IOException {
    answer(exchange, sha256(exchange.getRequestBody()));
  }

  static String sha256(InputStream content) throws IOException {
    try (var digesting = new DigestInputStream(content, MessageDigest.getInstance("SHA-256"))) {
      digesting.transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(digesting.getMessageDigest().digest());
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError(impossible);
    }
  }

  /** A socket per address: the answer's source has to be the address that was asked. */
  private void serveUdp(int port) throws IOException {
    for (var device : NetworkInterface.networkInterfaces().toList()) {
      for (var address : device.inetAddresses().toList()) {
        if (!address.isLinkLocalAddress()) {
          Thread.ofPlatform().daemon().start(() -> echo(new InetSocketAddress(address, port)));
        }
      }
    }
  }

  private byte[] answer(DatagramPacket packet) {
    var identity = identity(packet.getAddress());
    return packet.getLength() > DNS_HEADER
        ? dnsAnswer(Arrays.copyOf(packet.getData(), packet.getLength()), identity)
        : (identity + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /** A question without additional records gets one TXT record (RFC 1035, section 4.1). */
  private static byte[] dnsAnswer(byte[] question, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    var answer = ByteBuffer.allocate(question.length + DNS_HEADER + 1 + bytes.length);
    answer.put(question);
    answer.putShort(2, (short) 0x8400).putShort(6, (short) 1); // an answer, and one record of it
    answer.putShort((short) 0xc00c).putShort((short) 16).putShort((short) 1).putInt(0);
    answer.putShort((short) (bytes.length + 1)).put((byte) bytes.length).put(bytes);
    return answer.array();
  }

  private void echo(InetSocketAddress address) {
    try (var socket = new DatagramSocket(address)) {
      var packet = new DatagramPacket(new byte[4096], 4096);
      while (true) {
        packet.setLength(4096);
        socket.receive(packet);
        byte[] answer = answer(packet);
        socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
      }
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    }
  }
}
