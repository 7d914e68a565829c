package io.steelyard.health.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.TlsServerCredentials;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.okhttp.OkHttpServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.steelyard.model.Address;
import io.steelyard.model.GrpcProbeSpec;
import io.steelyard.model.ProbeTls;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Probes of gRPC, of grpc-java's server and its health service, and of what answers otherwise. */
class GrpcProbeTest {
  @TempDir private Path directory = Path.of("");

  /** A server of grpc-java that runs its health service. */
  private record Grpc(Server server, HealthStatusManager health) implements AutoCloseable {
    static Grpc start(ServerCredentials credentials) throws IOException {
      var health = new HealthStatusManager();
      var builder = OkHttpServerBuilder.forPort(0, credentials);
      return new Grpc(builder.addService(health.getHealthService()).build().start(), health);
    }

    ProbeTarget target() {
      return ProbeTarget.of(new Address("127.0.0.1", server.getPort()));
    }

    @Override
    public void close() {
      server.shutdownNow();
    }
  }

  private static GrpcProbeSpec of(String service) {
    return new GrpcProbeSpec(service, null, null);
  }

  @Test
  void servicesOfARealServer() throws Exception {
    try (var grpc = Grpc.start(InsecureServerCredentials.create())) {
      grpc.health.setStatus("shop.Orders", ServingStatus.NOT_SERVING);
      var longName = "l".repeat(200);
      grpc.health.setStatus(longName, ServingStatus.SERVING);
      assertThat(Run.once(of(""), grpc.target())).isEqualTo("passed L7 SERVING");
      assertThat(Run.once(of(longName), grpc.target())).isEqualTo("passed L7 SERVING");
      assertThat(Run.once(of("shop.Orders"), grpc.target()))
          .isEqualTo("failed content NOT_SERVING, expected SERVING");
      assertThat(Run.once(of("shop.Nothing"), grpc.target()))
          .startsWith("failed L7 gRPC status 5 NOT_FOUND")
          .endsWith(", expected OK");
      grpc.health.setStatus("shop.Orders", ServingStatus.UNKNOWN);
      assertThat(Run.once(of("shop.Orders"), grpc.target()))
          .isEqualTo("failed content UNKNOWN, expected SERVING");
      grpc.health.enterTerminalState();
      assertThat(Run.once(of(""), grpc.target()))
          .isEqualTo("failed content NOT_SERVING, expected SERVING");
    }
  }

  @Test
  void encrypted() throws Exception {
    X509Bundle made =
        new CertificateBuilder()
            .ecp256()
            .subject("CN=grpc.example")
            .addSanDnsName("grpc.example")
            .setIsCertificateAuthority(true)
            .buildSelfSigned();
    Path certificate = directory.resolve("c.pem");
    Files.writeString(certificate, made.getCertificatePEM());
    Path key = directory.resolve("c.key");
    Files.writeString(key, made.getPrivateKeyPEM());
    try (var grpc = Grpc.start(TlsServerCredentials.create(certificate.toFile(), key.toFile()))) {
      var known = new ProbeTls("grpc.example", true, certificate.toString());
      assertThat(Run.once(new GrpcProbeSpec("", "grpc.example", known), grpc.target()))
          .isEqualTo("passed L7 SERVING");
      var unknown = new ProbeTls("grpc.example", true, null);
      assertThat(Run.once(new GrpcProbeSpec("", null, unknown), grpc.target()))
          .startsWith("failed TLS ");
      assertThat(Run.once(of(""), grpc.target())).startsWith("failed ");
    }
  }

  @Test
  void aServerWithoutTheService() throws Exception {
    Server server =
        OkHttpServerBuilder.forPort(0, InsecureServerCredentials.create()).build().start();
    try {
      assertThat(Run.once(of(""), ProbeTarget.of(new Address("127.0.0.1", server.getPort()))))
          .startsWith("failed L7 gRPC status 12 UNIMPLEMENTED");
    } finally {
      server.shutdownNow();
    }
  }

  /** Takes the request, which comes in one piece, says this, and ends. */
  private static String answering(byte[] bytes) throws Exception {
    try (var server = io.steelyard.health.probe.Server.start((in, out) -> answer(in, out, bytes))) {
      return Run.once(of(""), server.target());
    }
  }

  private static void answer(InputStream in, OutputStream out, byte[] bytes) throws IOException {
    assertThat(in.read(new byte[4096])).isPositive();
    out.write(bytes);
  }

  @Test
  void serversThatSpeakSomethingElse() throws Exception {
    assertThat(
            answering(
                "HTTP/1.1 400 Bad Request\r\n\r\n"
                    .getBytes(java.nio.charset.StandardCharsets.UTF_8)))
        .startsWith("failed L7 found 'HTTP/1.1 400 Bad Request")
        .endsWith("expected HTTP/2");
    assertThat(answering(new byte[0])).startsWith("failed L7 the connection ended");
    assertThat(answering(Frame.bytes(Frame.GOAWAY, 0, 0, new byte[] {0, 0, 0, 0, 0, 0, 0, 11})))
        .isEqualTo("failed L7 the connection was ended, error 11");
    assertThat(answering(Frame.bytes(Frame.RST_STREAM, 0, 1, new byte[] {0, 0, 0, 7})))
        .isEqualTo("failed L7 the stream was reset, error 7");
    // Fields of HPACK's table: status 404, end of the stream.
    assertThat(answering(Frame.bytes(Frame.HEADERS, 5, 1, new byte[] {(byte) 0x8d})))
        .isEqualTo("failed L7 status 404, expected 200");
    assertThat(answering(Frame.bytes(Frame.HEADERS, 5, 1, new byte[] {(byte) 0x88})))
        .isEqualTo("failed L7 gRPC status missing, expected OK");
    assertThat(answering(Frame.bytes(Frame.HEADERS, 5, 1, new byte[] {(byte) 0xff, 1})))
        .startsWith("failed L7 fields cannot be read");
    assertThat(answering(Frame.bytes(Frame.DATA, 8, 1, new byte[] {9, 1})))
        .startsWith("failed L7 a frame of type 0 has more padding");
    assertThat(answering(Frame.bytes(Frame.GOAWAY, 0, 0, new byte[] {0})))
        .isEqualTo("failed L7 a frame of type 7 is too short");
  }

  /** Whatever comes, a probe fails in its own words. */
  @Test
  void damagedAnswers() throws Exception {
    var random = new SplittableRandom(11);
    try (var grpc = Grpc.start(InsecureServerCredentials.create())) {
      byte[] good = recorded(grpc);
      for (int i = 0; i < 200; i++) {
        byte[] bad = good.clone();
        for (int n = random.nextInt(1, 5); n > 0; n--) {
          bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
        }
        assertThat(answering(bad)).matches("(?s)(failed (L4|L7|content)|passed L7) .*");
      }
    }
  }

  /** All that a real server sends in answer to a probe's request. */
  private static byte[] recorded(Grpc grpc) throws Exception {
    var request = new ByteArrayOutputStream();
    try (var server =
        io.steelyard.health.probe.Server.start((in, out) -> {
          byte[] read = new byte[4096];
          request.write(read, 0, in.read(read));
        })) {
      Run.once(of(""), server.target());
    }
    var answer = new ByteArrayOutputStream();
    try (var wire = Wire.open(grpc.target(), new Deadline(Run.LONG))) {
      wire.send(request.toByteArray());
      for (Frame frame = Frame.read(wire); ; frame = Frame.read(wire)) {
        answer.writeBytes(
            Frame.bytes(frame.type(), frame.flags(), frame.stream(), frame.payload()));
        if (frame.type() == Frame.HEADERS && frame.has(Frame.END_STREAM)) {
          return answer.toByteArray();
        }
      }
    }
  }
}
