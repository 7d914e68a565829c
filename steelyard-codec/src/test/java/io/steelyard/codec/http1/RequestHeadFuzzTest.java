package io.steelyard.codec.http1;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** {@code JAZZER_FUZZ=1} looks for new inputs; without it, those found before are tried again. */
class RequestHeadFuzzTest {

  @FuzzTest(maxDuration = "5m")
  void anyBytes(byte[] message) {
    HeadInvariants.check(RequestHead::new, message);
  }
}
