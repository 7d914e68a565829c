package io.steelyard.bench.jmh;

import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;

/** The benchmarks check in their set-up that they measure what they say. */
class SamplesTest {
  @Test
  void everySampleIsWhole() {
    for (String sender : new String[] {"wrk", "browser"}) {
      RequestHeadBenchmark benchmark = new RequestHeadBenchmark();
      benchmark.sender = sender;
      assertThatCode(benchmark::prepare).as(sender).doesNotThrowAnyException();
      assertThatCode(benchmark::edit).as(sender).doesNotThrowAnyException();
    }
    for (String sender : new String[] {"nginx", "application"}) {
      ResponseHeadBenchmark benchmark = new ResponseHeadBenchmark();
      benchmark.sender = sender;
      assertThatCode(benchmark::prepare).as(sender).doesNotThrowAnyException();
    }
    for (int chunk : new int[] {64, 8192}) {
      ChunkScannerBenchmark benchmark = new ChunkScannerBenchmark();
      benchmark.chunk = chunk;
      assertThatCode(benchmark::prepare).as("%d", chunk).doesNotThrowAnyException();
    }
  }
}
