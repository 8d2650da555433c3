package dev.castalia.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckpointPartitionerTest {

  /** The hashes are those of Kafka's own UtilsTest. */
  @ParameterizedTest
  @CsvSource({
    "21, -973932308",
    "foobar, -790332482",
    "a-little-bit-long-string, -985981536",
    "a-little-bit-longer-string, -1486304829"
  })
  void itIsMurmur2WithoutItsSign(String key, int murmur2) {
    assertThat(CheckpointPartitioner.partition(key, 12)).isEqualTo((murmur2 & 0x7fffffff) % 12);
  }
}
