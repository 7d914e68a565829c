package io.steelyard.packet.bpf;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** {@code JAZZER_FUZZ=1} looks for new inputs; without it, those found before are tried again. */
class ObjectFileFuzzTest {
  @FuzzTest(maxDuration = "5m")
  void anyBytes(byte[] object) {
    ObjectInvariants.holdFor(object);
  }
}
