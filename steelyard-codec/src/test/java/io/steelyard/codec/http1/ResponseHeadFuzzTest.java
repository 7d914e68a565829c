package io.steelyard.codec.http1;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** {@code JAZZER_FUZZ=1} looks for new inputs; without it, those found before are tried again. */
class ResponseHeadFuzzTest {

  @FuzzTest(maxDuration = "5m")
  void anyBytes(byte[] message) {
    HeadInvariants.check(ResponseHead::new, message);
    HeadInvariants.check(() -> Heads.responseTo(Method.HEAD), message);
  }
}
