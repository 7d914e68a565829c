package io.steelyard.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.hamcrest.Description;
import org.hamcrest.TypeSafeMatcher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Bodies larger than any memory, through a side that stands still for a while: what the proxy holds
 * of them stays bounded. {@code -Dsteelyard.it.body-gib=1} makes them smaller.
 */
class LargeBodiesIT {
  private static final long BODY = Long.getLong("steelyard.it.body-gib", 5) << 30;
  private static final long MIB = 1 << 20;

  /** Kernel buffers of two connections and what the proxy may hold of one body. */
  private static final long MOST_UNDER_WAY = 32 * MIB;

  private static final long MOST_GROWTH = 48 * MIB;
  private static final long MOST_RESIDENT = 250 * MIB;

  /** A writer that has not moved for so long stands still. */
  private static final Duration STILL = Duration.ofSeconds(2);

  private static final byte[] ZEROS = new byte[1 << 18];

  @TempDir private Path directory = Path.of("");
  private final CountDownLatch reading = new CountDownLatch(1);
  private final AtomicLong written = new AtomicLong();

  private void writeBody(OutputStream out) throws IOException {
    for (long sent = 0; sent < BODY; sent += ZEROS.length) {
      out.write(ZEROS);
      written.addAndGet(ZEROS.length);
    }
  }

  /** How much there was; only after {@link #reading} is let go. */
  private long readBody(InputStream in) throws IOException, InterruptedException {
    reading.await();
    byte[] buffer = new byte[1 << 18];
    long length = 0;
    while (length < BODY) {
      int read = in.read(buffer);
      if (read < 0) {
        break;
      }
      length += read;
    }
    return length;
  }

  @Test
  void anUploadWaitsForASlowEndpoint() throws Exception {
    AtomicLong received = new AtomicLong();
    RawServer.Service reader =
        (in, out) -> {
          RawServer.readHead(in);
          received.set(readBody(in));
          RawServer.write(out, "HTTP/1.1 200 OK\nContent-Length: 0\n\n");
        };
    try (RawServer endpoint = RawServer.start(reader);
        Steelyard steelyard = run(endpoint);
        Socket client = steelyard.connect()) {
      CompletableFuture<Void> upload =
          CompletableFuture.runAsync(() -> {
            try {
              RawServer.write(
                  client.getOutputStream(),
                  "PUT /upload HTTP/1.1\nHost: test\nContent-Length: " + BODY + "\n\n");
              writeBody(client.getOutputStream());
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
      standStillThenGo(
          steelyard,
          () -> {
            upload.join();
            assertThat(RawServer.readHead(client.getInputStream())).startsWith("HTTP/1.1 200 ");
          });
      assertThat(received).hasValue(BODY);
      steelyard.stop();
    }
  }

  @Test
  void aDownloadWaitsForASlowClient() throws Exception {
    RawServer.Service writer =
        (in, out) -> {
          RawServer.readHead(in);
          RawServer.write(out, "HTTP/1.1 200 OK\nContent-Length: " + BODY + "\n\n");
          writeBody(out);
        };
    try (RawServer endpoint = RawServer.start(writer);
        Steelyard steelyard = run(endpoint);
        Socket client = steelyard.connect()) {
      RawServer.write(client.getOutputStream(), "GET /download HTTP/1.1\nHost: test\n\n");
      standStillThenGo(
          steelyard,
          () -> {
            assertThat(RawServer.readHead(client.getInputStream())).startsWith("HTTP/1.1 200 ");
            assertThat(readBody(client.getInputStream())).isEqualTo(BODY);
          });
      steelyard.stop();
    }
  }

  private Steelyard run(RawServer endpoint) {
    return Steelyard.runUnwatched(directory, Steelyard.yaml(List.of(endpoint.address())));
  }

  /** The rest of a transfer. */
  @FunctionalInterface
  private interface Rest {
    void await() throws IOException, InterruptedException;
  }

  private void standStillThenGo(Steelyard steelyard, Rest rest)
      throws IOException, InterruptedException {
    long before = steelyard.memory("VmRSS");
    awaitStandstill();
    assertThat(written).as("bytes under way").hasValueLessThan(MOST_UNDER_WAY);
    assertThat(steelyard.memory("VmRSS") - before).as("growth").isLessThan(MOST_GROWTH);
    reading.countDown();
    rest.await();
    assertThat(steelyard.memory("VmHWM")).as("peak").isLessThan(MOST_RESIDENT);
  }

  private void awaitStandstill() {
    await("the writer stands still")
        .atMost(Program.PATIENCE)
        .during(STILL)
        .until(written::get, new Still());
  }

  /** Whether a number was the same at the last look. */
  private static final class Still extends TypeSafeMatcher<Long> {
    private long last = -1;

    @Override
    protected boolean matchesSafely(Long value) {
      boolean same = value == last && value > 0;
      last = value;
      return same;
    }

    @Override
    public void describeTo(Description description) {
      description.appendText("the same number as before");
    }
  }
}
