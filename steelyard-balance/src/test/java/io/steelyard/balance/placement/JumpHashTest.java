package io.steelyard.balance.placement;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JumpHashTest {
  /** The vectors of github.com/dgryski/go-jump. */
  @ParameterizedTest
  @CsvSource({
    "1, 1, 0",
    "42, 57, 43",
    "3735883980, 1, 0",
    "3735883980, 666, 361",
    "256, 1024, 520"
  })
  void givesItsReferenceValues(long key, int buckets, int expected) {
    assertThat(JumpHash.bucket(key, buckets)).isEqualTo(expected);
  }

  @Test
  void onlyMovesToTheNewBucket() {
    for (long key = 0; key < 5_000; key++) {
      for (int buckets = 1; buckets < 20; buckets++) {
        assertThat(JumpHash.bucket(key, buckets + 1)).isIn(JumpHash.bucket(key, buckets), buckets);
      }
    }
  }
}
