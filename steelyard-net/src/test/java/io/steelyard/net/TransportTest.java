package io.steelyard.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.Channel;
import io.netty.channel.epoll.Epoll;
import io.steelyard.model.TransportKind;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TransportTest {
  private static final int PATIENCE_MILLIS = 20_000;
  private static final String NO_NATIVE = "-Dio.netty.transport.noNative=true";

  @ParameterizedTest
  @MethodSource("io.steelyard.net.Kinds#usable")
  void hasTheLoopsThatWereAskedFor(TransportKind kind) throws Exception {
    try (Transport transport = Transport.open(kind, 3)) {
      assertThat(transport.kind()).isEqualTo(kind);
      assertThat(transport.loops()).extracting(Loop::index).containsExactly(0, 1, 2);
      assertThat(transport.loops()).extracting(Loop::events).doesNotHaveDuplicates();
      assertThat(transport.loops()).extracting(Loop::timers).doesNotHaveDuplicates();
    }
  }

  @Test
  void hasOneLoopForEachCoreByDefault() throws Exception {
    try (Transport transport = Transport.open(null, 0)) {
      assertThat(transport.loops()).hasSize(Runtime.getRuntime().availableProcessors());
      assertThat(transport.kind())
          .isEqualTo(Epoll.isAvailable() ? TransportKind.EPOLL : TransportKind.NIO);
    }
  }

  @ParameterizedTest
  @MethodSource("io.steelyard.net.Kinds#usable")
  void closingEndsThreadsSocketsAndConnections(TransportKind kind) throws Exception {
    Transport transport = Transport.open(kind, 2);
    List<Thread> threads = new ArrayList<>();
    for (Loop loop : transport.loops()) {
      threads.add(threadOf(loop));
    }
    InetSocketAddress address = listen(transport.loops().getFirst());

    try (Socket client = new Socket(address.getAddress(), address.getPort())) {
      client.setSoTimeout(PATIENCE_MILLIS);
      client.getOutputStream().write('x');
      assertThat(client.getInputStream().read()).isEqualTo('x');

      transport.close();
      assertThat(client.getInputStream().read()).isEqualTo(-1);
    }
    for (Thread thread : threads) {
      thread.join(PATIENCE_MILLIS);
      assertThat(thread.isAlive()).as(thread.getName()).isFalse();
    }
    assertThatThrownBy(() -> new Socket(address.getAddress(), address.getPort()).close())
        .isInstanceOf(ConnectException.class);
  }

  @Test
  void closingTwiceDoesNoHarm() throws Exception {
    Transport transport = Transport.open(TransportKind.NIO, 1);
    transport.close();
    transport.close();
    assertThat(transport.loops().getFirst().events().isTerminated()).isTrue();
  }

  @Test
  void epollThatIsUnavailableSaysWhyAndWhatToUse() throws Exception {
    assertThat(openElsewhere(List.of(), NO_NATIVE, "EPOLL", 1))
        .isEqualTo(
            "transport epoll is not available here (use transport: nio): Native transport was"
                + " explicit disabled with -Dio.netty.transport.noNative=true");
  }

  @Test
  void ioUringThatIsUnavailableSaysWhyAndWhatToUse() throws Exception {
    assertThat(openElsewhere(List.of(), NO_NATIVE, "IO_URING", 1))
        .isEqualTo(
            "transport io-uring is not available here (use transport: epoll): Native transport was"
                + " explicit disabled with -Dio.netty.transport.noNative=true");
  }

  @Test
  void nioIsUsedWhereEpollIsNot() throws Exception {
    assertThat(openElsewhere(List.of(), NO_NATIVE, "none", 1)).isEqualTo("NIO");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void loopsThatCannotStartSayWhy() throws Exception {
    List<String> fewFiles = List.of("sh", "-c", "ulimit -n 128 && exec \"$@\"", "sh");
    assertThat(openElsewhere(fewFiles, "-Dany=thing", "EPOLL", 200))
        .startsWith("transport epoll cannot start 200 event loops: ")
        .contains("Too many open files");
  }

  /** What {@link Opener} prints in a JVM of its own. */
  private static String openElsewhere(
      List<String> prefix, String option, String kind, int loopCount)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(prefix);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.add(option);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(Opener.class.getName(), kind, Integer.toString(loopCount)));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    try (var output = process.inputReader(StandardCharsets.UTF_8)) {
      return output.readAllAsString().strip();
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private static Thread threadOf(Loop loop) throws Exception {
    CompletableFuture<Thread> thread = new CompletableFuture<>();
    loop.execute(() -> thread.complete(Thread.currentThread()));
    return thread.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
  }

  private static InetSocketAddress listen(Loop loop) throws InterruptedException {
    Channel channel =
        loop.listen(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new ListenSettings(16, new SocketSettings(true, false)),
                false,
                new Echo())
            .sync()
            .channel();
    return (InetSocketAddress) channel.localAddress();
  }

  /** Opens a transport and prints its kind, or why it is unavailable. */
  static final class Opener {
    private Opener() {}

    public static void main(String[] args) {
      TransportKind kind = args[0].equals("none") ? null : TransportKind.valueOf(args[0]);
      try (Transport transport = Transport.open(kind, Integer.parseInt(args[1]))) {
        System.out.println(transport.kind());
      } catch (TransportUnavailableException e) {
        System.out.println(e.getMessage());
      }
    }
  }
}
