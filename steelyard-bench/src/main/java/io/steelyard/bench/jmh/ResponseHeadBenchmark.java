package io.steelyard.bench.jmh;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.steelyard.codec.http1.Method;
import io.steelyard.codec.http1.ResponseHead;
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

/** An answer's head, found in its buffer. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class ResponseHeadBenchmark {
  /** Who sent it. */
  @Param({"nginx", "application"})
  public String sender = "nginx";

  private final ResponseHead head = new ResponseHead();
  private ByteBuf buffer = Unpooled.EMPTY_BUFFER;

  /** Makes the answer. */
  @Setup
  public void prepare() {
    buffer = Samples.direct(Samples.answer(sender));
    if (parse() != buffer.writerIndex()) {
      throw new IllegalStateException("the sample is not a whole answer head");
    }
  }

  /** Finds all that forwarding asks for. */
  @Benchmark
  public int parse() {
    head.reset();
    head.parseFor(Method.GET);
    return head.parse(buffer, 0, buffer.writerIndex(), Samples.LIMITS);
  }
}
