package io.steelyard.bench.jmh;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.steelyard.codec.http1.FieldName;
import io.steelyard.codec.http1.HeadEdit;
import io.steelyard.codec.http1.RequestHead;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A request's head: found in its buffer, then edited there as for an endpoint. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class RequestHeadBenchmark {
  private static final byte[] ADDED =
      """
      X-Forwarded-For: 192.0.2.17\r
      X-Forwarded-Proto: http\r
      X-Forwarded-Host: www.example.com\r
      Via: 1.1 steelyard\r
      """
          .getBytes(StandardCharsets.US_ASCII);

  /** Who sent it. */
  @Param({"wrk", "browser"})
  public String sender = "wrk";

  private final RequestHead head = new RequestHead();
  private final RequestHead parsed = new RequestHead();
  private final HeadEdit edit = new HeadEdit();
  private byte[] bytes = {};
  private ByteBuf buffer = Unpooled.EMPTY_BUFFER;
  private ByteBuf edited = Unpooled.EMPTY_BUFFER;

  /** Makes the request. */
  @Setup
  public void prepare() {
    bytes = Samples.request(sender);
    buffer = Samples.direct(bytes);
    edited = Samples.direct(bytes);
    if (parsed.parse(buffer, 0, bytes.length, Samples.LIMITS) != bytes.length) {
      throw new IllegalStateException("the sample is not a whole request head");
    }
  }

  /** Finds all that routing and forwarding ask for. */
  @Benchmark
  public int parse() {
    head.reset();
    return head.parse(buffer, 0, bytes.length, Samples.LIMITS);
  }

  /** Puts the bytes back that the edit changed: to be taken off {@link #edit}. */
  @Benchmark
  public ByteBuf restore() {
    return edited.setBytes(0, bytes).setIndex(0, bytes.length);
  }

  /** Removes Connection, adds four fields, in place, after {@link #restore}. */
  @Benchmark
  public int edit() {
    restore();
    edit.start(parsed);
    int connection = parsed.find(FieldName.CONNECTION);
    if (connection >= 0) {
      edit.removeField(parsed, connection);
    }
    edit.append(ADDED);
    return edit.applyInPlace(edited, 0, bytes.length);
  }
}
