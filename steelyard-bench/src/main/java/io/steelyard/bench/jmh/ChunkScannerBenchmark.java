package io.steelyard.bench.jmh;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.steelyard.codec.http1.ChunkScanner;
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

/** 64 KiB of chunked body, from its first chunk to its end. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class ChunkScannerBenchmark {
  /** Bytes in a chunk. */
  @Param({"64", "8192"})
  public int chunk = 64;

  private final ChunkScanner scanner = new ChunkScanner(8 * 1024);
  private ByteBuf buffer = Unpooled.EMPTY_BUFFER;

  /** Makes the body. */
  @Setup
  public void prepare() {
    buffer = Samples.direct(Samples.chunked(chunk));
    if (scan() != buffer.writerIndex() || !scanner.done()) {
      throw new IllegalStateException("the sample is not a whole chunked body");
    }
  }

  /** Finds the end. */
  @Benchmark
  public int scan() {
    scanner.reset();
    return scanner.scan(buffer, 0, buffer.writerIndex());
  }
}
