package io.steelyard.proxy.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.CallOptions;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.grpc.okhttp.OkHttpServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.netty.handler.codec.http2.Http2Headers;
import io.steelyard.balance.Outcome;
import io.steelyard.model.Address;
import io.steelyard.model.EndpointHttp;
import io.steelyard.model.Retries;
import io.steelyard.model.RetryOn;
import io.steelyard.model.TransportKind;
import io.steelyard.proxy.kit.H2;
import io.steelyard.proxy.kit.H2.Answer;
import io.steelyard.proxy.kit.RawEndpoint;
import io.steelyard.proxy.kit.Setup;
import io.steelyard.proxy.kit.TestProxy;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Calls of gRPC, by grpc-java's client and server, and by hand where these would help too much. */
class GrpcTest {
  private static final MethodDescriptor<String, String> SAY = method(MethodType.UNARY, "Say");
  private static final MethodDescriptor<String, String> CHAT =
      method(MethodType.BIDI_STREAMING, "Chat");

  private static MethodDescriptor<String, String> method(MethodType type, String name) {
    return MethodDescriptor.newBuilder(new Texts(), new Texts())
        .setType(type)
        .setFullMethodName("test.Echo/" + name)
        .build();
  }

  private static final class Texts implements MethodDescriptor.Marshaller<String> {
    @Override
    public InputStream stream(String value) {
      return new ByteArrayInputStream(value.getBytes(UTF_8));
    }

    @Override
    public String parse(InputStream stream) {
      try {
        return new String(stream.readAllBytes(), UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Answers with its name and what was said, or fails with it when it is a number. */
  private record Echo(Server server) implements AutoCloseable {
    static Echo start(String name) throws IOException {
      return start(name, -1);
    }

    static Echo start(String name, int failure) throws IOException {
      ServerServiceDefinition service =
          ServerServiceDefinition.builder("test.Echo")
              .addMethod(
                  SAY,
                  ServerCalls.asyncUnaryCall((said, answers) -> {
                    if (failure >= 0) {
                      answers.onError(Status.fromCodeValue(failure).asRuntimeException());
                    } else {
                      answers.onNext(name + ":" + said);
                      answers.onCompleted();
                    }
                  }))
              .addMethod(CHAT, ServerCalls.asyncBidiStreamingCall(Echo::chat))
              .build();
      return new Echo(
          OkHttpServerBuilder.forPort(0, InsecureServerCredentials.create())
              .addService(service)
              .build()
              .start());
    }

    private static StreamObserver<String> chat(StreamObserver<String> answers) {
      return new StreamObserver<>() {
        @Override
        public void onNext(String value) {
          answers.onNext(value);
        }

        @Override
        public void onError(Throwable t) {}

        @Override
        public void onCompleted() {
          answers.onError(
              Status.ABORTED.withDescription("so it was, at last").asRuntimeException());
        }
      };
    }

    Address address() {
      return new Address("127.0.0.1", server.getPort());
    }

    @Override
    public void close() throws InterruptedException {
      server.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
    }
  }

  private record Caller(ManagedChannel channel) implements AutoCloseable {
    static Caller of(TestProxy proxy) {
      return new Caller(
          OkHttpChannelBuilder.forAddress("127.0.0.1", proxy.address().getPort())
              .usePlaintext()
              .build());
    }

    String say(String text) {
      return ClientCalls.blockingUnaryCall(channel, SAY, CallOptions.DEFAULT, text);
    }

    @Override
    public void close() throws InterruptedException {
      channel.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
    }
  }

  private static Setup on() {
    return Setup.on(TransportKind.EPOLL).http(EndpointHttp.of(2));
  }

  @Test
  void callsOfOneConnectionAreBalanced() throws Exception {
    try (Echo a = Echo.start("a");
        Echo b = Echo.start("b");
        TestProxy proxy = on().start(a.address(), b.address());
        Caller caller = Caller.of(proxy)) {
      Set<String> answers = new HashSet<>();
      for (int i = 0; i < 10; i++) {
        answers.add(caller.say("x".repeat(10_000 * i)).substring(0, 2));
      }
      assertThat(answers).containsExactlyInAnyOrder("a:", "b:");
      assertThat(proxy.listener().http2Connections.value()).isEqualTo(1);
    }
  }

  @Test
  void bothSidesTalkAndTheEndIsTold() throws Exception {
    try (Echo a = Echo.start("a");
        TestProxy proxy = on().start(a.address());
        Caller caller = Caller.of(proxy)) {
      BlockingQueue<Object> heard = new LinkedBlockingQueue<>();
      StreamObserver<String> saying =
          ClientCalls.asyncBidiStreamingCall(
              caller.channel().newCall(CHAT, CallOptions.DEFAULT), hearing(heard));
      for (int i = 0; i < 20; i++) {
        saying.onNext("word " + i);
        assertThat(heard.poll(20, TimeUnit.SECONDS)).isEqualTo("word " + i);
      }
      saying.onCompleted();
      assertThat(heard.poll(20, TimeUnit.SECONDS)).isEqualTo("ABORTED: so it was, at last");
    }
  }

  private static StreamObserver<String> hearing(BlockingQueue<Object> heard) {
    return new StreamObserver<>() {
      @Override
      public void onNext(String value) {
        heard.add(value);
      }

      @Override
      public void onError(Throwable t) {
        heard.add(String.valueOf(t.getMessage()));
      }

      @Override
      public void onCompleted() {
        heard.add("completed");
      }
    };
  }

  @Test
  void ourOwnErrorsAreStatuses() throws Exception {
    try (TestProxy proxy = on().start(RawEndpoint.refusing());
        Caller caller = Caller.of(proxy)) {
      assertThatThrownBy(() -> caller.say("x"))
          .isInstanceOf(StatusRuntimeException.class)
          .hasMessage("UNAVAILABLE: 502 Bad Gateway");
    }
    try (TestProxy proxy = on().route("elsewhere.example.com", null).start(RawEndpoint.refusing());
        Caller caller = Caller.of(proxy)) {
      assertThatThrownBy(() -> caller.say("x")).hasMessage("UNIMPLEMENTED: 404 Not Found");
    }
  }

  @Test
  void aFailedCallIsTriedElsewhere() throws Exception {
    Retries rules =
        Retries.of(2).withOn(List.of(RetryOn.parse("grpc-unavailable"), RetryOn.parse("connect")));
    try (Echo failing = Echo.start("a", Status.Code.UNAVAILABLE.value());
        Echo b = Echo.start("b");
        TestProxy proxy = on().retries(rules).start(failing.address(), b.address());
        TestProxy strict = on().start(failing.address());
        Caller caller = Caller.of(proxy);
        Caller unlucky = Caller.of(strict)) {
      for (int i = 0; i < 4; i++) {
        assertThat(caller.say("x")).isEqualTo("b:x");
      }
      assertThat(proxy.pool().retries.value()).isPositive();
      assertThatThrownBy(() -> unlucky.say("x")).hasMessage("UNAVAILABLE");
      assertThat(strict.pool().retries.value()).isZero();
      assertThat(strict.state(failing.address()).outcomes(Outcome.ERROR_ANSWER)).isEqualTo(1);
    }
  }

  @Test
  void whichStatusesSpeakAgainstTheEndpoint() {
    for (int status : new int[] {2, 13, 14, 15}) {
      assertThat(Grpc.isEndpointsFault(status)).isTrue();
    }
    for (int status : new int[] {-1, 0, 1, 3, 4, 5, 7, 8, 10, 12, 16}) {
      assertThat(Grpc.isEndpointsFault(status)).isFalse();
    }
  }

  // ---- by hand ----

  private static Http2Headers call(String timeout) {
    return H2.request("POST", "/test.Echo/Say")
        .add("content-type", "application/grpc+proto")
        .add("te", "trailers")
        .add("grpc-timeout", timeout);
  }

  @Test
  void theDeadlineEndsACallThatIsNotAnswered() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy = on().start(endpoint);
        H2 client = H2.on(proxy.connect())) {
      client.headers(1, call("200m"), true);
      H2 here = H2.serving(endpoint.accept());
      H2.Request request = here.request();
      assertThat(request.headers().get("te")).hasToString("trailers");
      assertThat(request.headers().get("grpc-timeout")).hasToString("200m");
      Answer answer = client.answer(1);
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.headers().get("grpc-status")).hasToString("4");
      assertThat(here.next().type()).isEqualTo(H2.RST_STREAM);
      assertThat(proxy.log(1).getFirst().get("reason").asString()).isEqualTo("deadline");
    }
  }

  @Test
  void theDeadlineComesBeforeOurTimeouts() throws Exception {
    try (RawEndpoint endpoint = RawEndpoint.open();
        TestProxy proxy =
            on().retries(0)
                .poolTimeouts(
                    Duration.ofSeconds(10), Duration.ofMillis(200), Duration.ofMillis(200))
                .start(endpoint);
        H2 client = H2.on(proxy.connect())) {
      client.headers(1, call("1H"), true);
      H2 here = H2.serving(endpoint.accept());
      int patient = here.request().stream();
      client.headers(3, H2.request("GET", "/"), true);
      here.request();
      assertThat(client.answer(3).status()).isEqualTo(504);
      here.headers(patient, H2.answering(200).add("grpc-status", "0"), true);
      Answer answer = client.answer(1);
      assertThat(answer.headers().get("grpc-status")).hasToString("0");
      assertThat(answer.headers().contains("content-length")).isFalse();
    }
  }

  @Test
  void howTimeoutsAreWritten() {
    assertThat(Grpc.timeoutNanos("1H")).isEqualTo(3_600_000_000_000L);
    assertThat(Grpc.timeoutNanos("2M")).isEqualTo(120_000_000_000L);
    assertThat(Grpc.timeoutNanos("3S")).isEqualTo(3_000_000_000L);
    assertThat(Grpc.timeoutNanos("4m")).isEqualTo(4_000_000);
    assertThat(Grpc.timeoutNanos("5u")).isEqualTo(5_000);
    assertThat(Grpc.timeoutNanos("99999999n")).isEqualTo(99_999_999);
    for (String bad : List.of("", "1", "S", "-1S", "1s", "123456789S", "1 S", "1.5S")) {
      assertThat(Grpc.timeoutNanos(bad)).as(bad).isEqualTo(-1);
    }
  }

  @Test
  void whichTypesAreCalls() {
    for (String type : List.of("application/grpc", "application/grpc+json", "application/grpc;x")) {
      assertThat(Grpc.isType(type)).isTrue();
    }
    for (String type : List.of("application/grpc-web", "application/json", "", "application/grp")) {
      assertThat(Grpc.isType(type)).isFalse();
    }
  }
}
