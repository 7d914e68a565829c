package io.steelyard.proxy.ftp;

import static org.assertj.core.api.Assertions.assertThat;

import io.steelyard.codec.ftp.DataAddress;
import io.steelyard.model.Address;
import io.steelyard.model.BalancerSpec;
import io.steelyard.model.Configuration;
import io.steelyard.model.EndpointSpec;
import io.steelyard.model.FtpSpec;
import io.steelyard.model.Listener;
import io.steelyard.model.Pool;
import io.steelyard.model.TransportKind;
import io.steelyard.proxy.kit.RawEndpoint;
import io.steelyard.proxy.kit.Setup;
import io.steelyard.proxy.kit.TestProxy;
import io.steelyard.proxy.kit.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Data connections of FTP, whoever opens them. */
@ParameterizedClass
@EnumSource(TransportKind.class)
class FtpTest {
  private final TransportKind transport;

  FtpTest(TransportKind transport) {
    this.transport = transport;
  }

  private TestProxy start(FtpSpec ftp, RawEndpoint endpoint) throws Exception {
    Listener listener = Listener.tcp(new Address("127.0.0.1", 0), "site").withFtp(ftp);
    Pool pool =
        Pool.of(BalancerSpec.of("round-robin"), List.of(EndpointSpec.of(endpoint.address())));
    return Setup.start(
        Configuration.of(Map.of("web", listener), Map.of("site", pool)).withTransport(transport));
  }

  private static String six(int port) {
    return "127,0,0,1," + (port >> 8) + "," + (port & 255);
  }

  private static String line(Wire wire) throws IOException {
    StringBuilder line = new StringBuilder();
    while (line.indexOf("\n") < 0) {
      String next = wire.read(1);
      assertThat(next).as("after " + line).isNotEmpty();
      line.append(next);
    }
    return line.toString();
  }

  private static void passes(Wire client, Wire server) throws IOException {
    byte[] much = RawEndpoint.pattern(1_000_000);
    Thread sender =
        Thread.ofVirtual()
            .start(() -> {
              try {
                server.send(much).finish();
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });
    assertThat(client.bytes(much.length)).isEqualTo(much);
    client.expectEnd();
    client.send("thanks").finish();
    server.expect("thanks").expectEnd();
    assertThat(sender.isInterrupted()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"PASV", "EPSV", "epsv"})
  void passive(String command) throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        RawEndpoint data = RawEndpoint.open();
        TestProxy proxy = start(FtpSpec.defaults(), endpoint);
        Wire client = proxy.connect();
        Wire server = endpoint.accept()) {
      server.send("220-Welcome\r\n227 not this\r\n220 here\r\n");
      client.expect("220-Welcome\r\n227 not this\r\n220 here\r\n");
      client.send(command + "\r\n");
      server.expect(command + "\r\n");
      int port = data.address().port();
      boolean extended = !command.equals("PASV");
      server.send(
          extended
              ? "229 Entering Extended Passive Mode (|||" + port + "|)\r\n"
              // an address that nobody reaches: the endpoint's own counts
              : "227 Entering Passive Mode (10,9,8,7,"
                  + (port >> 8)
                  + ","
                  + (port & 255)
                  + ").\r\n");
      String told = line(client);
      int toldPort =
          extended
              ? DataAddress.extendedPassive(told)
              : Objects.requireNonNull(DataAddress.passive(told)).getPort();
      assertThat(toldPort).isNotEqualTo(port).isPositive();
      if (!extended) {
        assertThat(DataAddress.passive(told))
            .isEqualTo(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), toldPort));
      }
      client.send("RETR x\r\n");
      server.expect("RETR x\r\n");
      try (Wire here = Wire.to(toldPort);
          Wire there = data.accept()) {
        passes(here, there);
      }
      server.send("226 Done\r\n");
      client.expect("226 Done\r\n").send("QUIT\r\n").finish();
      server.expect("QUIT\r\n").expectEnd().end();
      client.expectEnd();
      proxy.awaitNoClients();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void active(boolean extended) throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        RawEndpoint data = RawEndpoint.open();
        TestProxy proxy = start(FtpSpec.defaults(), endpoint);
        Wire client = proxy.connect();
        Wire server = endpoint.accept()) {
      int port = data.address().port();
      client.send(extended ? "EPRT |1|127.0.0.1|" + port + "|\r\n" : "PORT " + six(port) + "\r\n");
      String told = line(server);
      assertThat(told).startsWith("PORT ");
      InetSocketAddress address = Objects.requireNonNull(DataAddress.port(told.substring(5)));
      assertThat(address.getPort()).isNotEqualTo(port);
      server.send("200 ok\r\n");
      client.expect("200 ok\r\n");
      try (Wire there = new Wire(new Socket(address.getAddress(), address.getPort()));
          Wire here = data.accept()) {
        passes(here, there);
      }
    }
  }

  @Test
  void dataGoesToTheClientAlone() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        RawEndpoint data = RawEndpoint.open();
        TestProxy proxy = start(FtpSpec.defaults(), endpoint);
        Wire client = proxy.connect();
        Wire server = endpoint.accept()) {
      client.send("PORT 10,0,0,1,1,1\r\n");
      assertThat(line(client)).startsWith("500 ");
      client.send("EPRT |1|127.0.0.7|80|\r\n");
      assertThat(line(client)).startsWith("500 ");
      client.send("PORT nonsense\r\n");
      assertThat(line(client)).startsWith("501 ");
      client.send("PASV\r\n");
      server.expect("PASV\r\n").send("227 (" + six(data.address().port()) + ")\r\n");
      int port = Objects.requireNonNull(DataAddress.passive(line(client))).getPort();
      try (Socket stranger = new Socket()) {
        stranger.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.9"), 0));
        stranger.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
        new Wire(stranger).expectGone();
      }
      try (Wire here = Wire.to(port);
          Wire there = data.accept()) {
        passes(here, there);
      }
    }
  }

  @Test
  void nothingIsReadOnceItIsEncrypted() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = start(FtpSpec.defaults(), endpoint);
        Wire client = proxy.connect();
        Wire server = endpoint.accept()) {
      client.send("AUTH TLS\r\n");
      server.expect("AUTH TLS\r\n").send("234 go on\r\n");
      client.expect("234 go on\r\n").send("no line, PORT 1");
      server.expect("no line, PORT 1").send("227 (1,2,3,4,5,6)");
      client.expect("227 (1,2,3,4,5,6)").send("PORT 9\r\n");
      server.expect("PORT 9\r\n");
    }
  }

  @Test
  void refusalsPassAndLinesMayComeInPieces() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = start(FtpSpec.defaults(), endpoint);
        Wire client = proxy.connect();
        Wire server = endpoint.accept()) {
      client.send("EP").send("SV\r").send("\nNOOP\r\n");
      server.expect("EPSV\r\nNOOP\r\n").send("500 What?\r\n200 Yes\r\n229 odd\r\n");
      client.expect("500 What?\r\n200 Yes\r\n229 odd\r\n");
      String much = "x".repeat(20_000); // no FTP, but whose business is that
      client.send(much);
      server.expect(much);
      server.send("unfinished").end();
      client.expect("unfinished").expectEnd();
    }
  }

  @Test
  void portsAreOfTheRangeAndEndWithTheControlConnection() throws Exception {
    int port = RawEndpoint.refusing().port();
    try (RawEndpoint endpoint = RawEndpoint.open();
        RawEndpoint data = RawEndpoint.open();
        TestProxy proxy =
            start(new FtpSpec(port, port, "192.0.2.7", Duration.ofMinutes(1)), endpoint);
        Wire client = proxy.connect();
        Wire server = endpoint.accept()) {
      client.send("PASV\r\n");
      server.expect("PASV\r\n").send("227 (" + six(data.address().port()) + ")\r\n");
      assertThat(DataAddress.passive(line(client)))
          .isEqualTo(new InetSocketAddress(InetAddress.ofLiteral("192.0.2.7"), port));
      try (Wire here = Wire.to(port);
          Wire there = data.accept()) {
        here.send("x");
        there.expect("x");
        client.end();
        server.end();
        here.expectGone();
        there.expectGone();
      }
      proxy.awaitNoClients();
    }
  }

  @Test
  void whoDoesNotComeIsNotWaitedForLong() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        RawEndpoint data = RawEndpoint.open();
        TestProxy proxy = start(new FtpSpec(0, 0, null, Duration.ofMillis(300)), endpoint);
        Wire client = proxy.connect();
        Wire server = endpoint.accept()) {
      client.send("PASV\r\n");
      server.expect("PASV\r\n").send("227 (" + six(data.address().port()) + ")\r\n");
      int port = Objects.requireNonNull(DataAddress.passive(line(client))).getPort();
      org.awaitility.Awaitility.await()
          .atMost(Wire.PATIENCE)
          .until(() -> {
            try (Socket late = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
              late.setSoTimeout(1);
              return false;
            } catch (SocketException refused) {
              return true;
            }
          });
      client.send("NOOP\r\n");
      server.expect("NOOP\r\n");
    }
  }
}
