package io.steelyard.codec.http1;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** {@code JAZZER_FUZZ=1} looks for new inputs; without it, those found before are tried again. */
class ChunkScannerFuzzTest {

  @FuzzTest(maxDuration = "5m")
  void anyBytes(byte[] body) {
    int limit = 32;
    String expected = Chunks.whole(body, limit);
    for (int first : new int[] {1, body.length / 3, body.length / 2}) {
      for (int further : new int[] {1, 7, Integer.MAX_VALUE}) {
        String parts = Chunks.parts(body, limit, Math.max(1, first), further);
        if (!parts.equals(expected)) {
          throw new AssertionError(parts + "\nwhole: " + expected);
        }
      }
    }
  }
}
