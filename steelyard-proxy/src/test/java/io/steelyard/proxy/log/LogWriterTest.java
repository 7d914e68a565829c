package io.steelyard.proxy.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class LogWriterTest {
  private final AccessLogRing ring = new AccessLogRing(1 << 18);
  private final ListAppender<ILoggingEvent> complaints = new ListAppender<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger(LogWriter.class);
  private long now;

  @BeforeEach
  void listen() {
    complaints.start();
    logger.addAppender(complaints);
    logger.setAdditive(false);
    logger.setLevel(Level.INFO);
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(complaints);
    logger.setAdditive(true);
  }

  @Test
  void writesManyLinesAtOnce() throws IOException {
    Disk disk = new Disk(Integer.MAX_VALUE);
    LogWriter writer = writer(onto(disk));
    offer(0, 100);
    writer.pass();
    assertThat(disk.lines()).hasSize(100);
    assertThat(disk.writes).isEqualTo(1);
    writer.pass();
    assertThat(disk.writes).isEqualTo(1);
  }

  @Test
  void asksForAnotherPassWhileItIsBehind() {
    LogWriter writer = writer(onto(new Disk(Integer.MAX_VALUE)));
    offer(0, 10);
    assertThat(writer.pass()).isFalse();
    offer(0, 1_000);
    assertThat(writer.pass()).isTrue();
    assertThat(writer.pass()).isFalse();
  }

  @Test
  void writesInPiecesWhenTheChannelTakesPieces() throws IOException {
    Disk disk = new Disk(Integer.MAX_VALUE);
    disk.most = 7;
    LogWriter writer = writer(onto(disk));
    offer(0, 10);
    writer.pass();
    assertThat(disk.lines()).hasSize(10);
    assertThat(writer.lost()).isZero();
  }

  /**
   * The disk fills at every possible byte, and has room again later: lines are lost, but none is
   * torn.
   */
  @Test
  void aFullDiskTearsNoLine() throws IOException {
    offer(0, 2);
    int twoLines = lengthOfWhatWaits();
    for (int room = 0; room <= twoLines; room++) {
      Disk disk = new Disk(room);
      LogWriter writer = writer(onto(disk));
      offer(0, 3);
      writer.pass();
      offer(3, 5);
      writer.pass();
      disk.room = Integer.MAX_VALUE;
      offer(5, 8);
      writer.pass();
      List<String> lines = disk.lines();
      assertThat(lines)
          .allMatch(line -> line.startsWith("{\"time\"") && line.endsWith("}"))
          .doesNotHaveDuplicates();
      assertThat(lines.size() + writer.lost()).as("room for %s bytes", room).isEqualTo(8);
      assertThat(lines.getLast()).contains("\"bytes_in\":7,");
    }
  }

  private int lengthOfWhatWaits() {
    LineBuffer out = new LineBuffer(16);
    JsonFormat format = new JsonFormat();
    ring.drain(request -> format.append(request, out));
    return out.length();
  }

  @Test
  void devFullIsCountedAndDoesNotStop() throws IOException {
    assumeTrue(Files.exists(Path.of("/dev/full")), "needs Linux");
    try (LogWriter writer = writer(LogFile.open("/dev/full"))) {
      offer(0, 5);
      writer.pass();
      assertThat(writer.lost()).isEqualTo(5);
      offer(0, 1_000);
      writer.pass();
      assertThat(writer.lost()).isEqualTo(1_005);
      assertThat(ring.dropped()).isZero();
    }
    assertThat(complaints.list).hasSize(1);
    assertThat(complaints.list.getFirst().getFormattedMessage())
        .isEqualTo(
            "cannot write access log /dev/full: No space left on device; lines lost so far: 5");
  }

  @Test
  void complainsOnceAMinute() {
    LogWriter writer = writer(onto(new Disk(0)));
    for (int second = 0; second < 121; second++) {
      now = TimeUnit.SECONDS.toNanos(second);
      offer(0, 1);
      writer.pass();
    }
    assertThat(complaints.list).hasSize(3);
    assertThat(writer.lost()).isEqualTo(121);
  }

  @Test
  void aLineTornByAFullDiskIsNotContinuedInAnotherFile() throws IOException {
    Disk full = new Disk(20);
    Disk next = new Disk(Integer.MAX_VALUE);
    LogWriter writer = writer(new LogFile("test", full, () -> next));
    offer(0, 2);
    writer.pass();
    writer.reopen();
    offer(2, 3);
    writer.pass();
    assertThat(full.isOpen()).isFalse();
    assertThat(next.lines()).singleElement().asString().contains("\"bytes_in\":2,");
    assertThat(writer.lost()).isEqualTo(2);
  }

  @Test
  void standardOutputIsNotReopened() throws IOException {
    Disk disk = new Disk(Integer.MAX_VALUE);
    try (LogWriter writer = writer(onto(disk))) {
      offer(0, 1);
      writer.reopen();
      writer.pass();
    }
    assertThat(disk.isOpen()).isTrue();
    assertThat(disk.lines()).hasSize(1);
  }

  @Test
  void aFileThatCannotBeReopenedStays(@TempDir Path dir) throws IOException {
    Path logs = Files.createDirectory(dir.resolve("logs"));
    Path log = logs.resolve("access.log");
    Path moved = dir.resolve("moved");
    try (LogWriter writer = writer(LogFile.open(log.toString()))) {
      Files.move(logs, moved);
      assertThatIOException()
          .isThrownBy(writer::reopen)
          .withMessage("cannot open access log " + log + ": no such directory");
      offer(0, 1);
      writer.pass();
    }
    assertThat(Files.readAllLines(moved.resolve("access.log"))).hasSize(1);
  }

  private static LogFile onto(Disk disk) {
    return new LogFile("test", disk, null);
  }

  private LogWriter writer(LogFile file) {
    return new LogWriter(List.of(ring), new JsonFormat(), file, () -> now);
  }

  private void offer(int from, int to) {
    AccessRecord record = Records.sample();
    for (int i = from; i < to; i++) {
      record.bytesIn = i;
      assertThat(ring.offer(record)).isTrue();
    }
  }

  /** Takes so many bytes and is then full. */
  private static final class Disk implements WritableByteChannel {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private boolean open = true;
    int room;
    int most = Integer.MAX_VALUE;
    int writes;

    Disk(int room) {
      this.room = room;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
      writes++;
      int count = Math.min(Math.min(source.remaining(), room), most);
      if (count == 0) {
        throw new IOException("No space left on device");
      }
      byte[] bytes = new byte[count];
      source.get(bytes);
      written.write(bytes);
      room -= count;
      return count;
    }

    List<String> lines() {
      String text = written.toString(StandardCharsets.UTF_8);
      assertThat(text).endsWith("\n");
      return text.lines().toList();
    }

    @Override
    public boolean isOpen() {
      return open;
    }

    @Override
    public void close() {
      open = false;
    }
  }
}
