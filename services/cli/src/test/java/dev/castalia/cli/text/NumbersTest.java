package dev.castalia.cli.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumbersTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "7, 7",
    "0.4, 0.4",
    "999, 999",
    "1000, 1.0k",
    "12345, 12.3k",
    "334400, 334k",
    "999999, 1.0M",
    "2097152, 2.1M",
    "5e10, 50.0G",
    "1.2e21, 1200E"
  })
  void amountsHaveAPrefix(double amount, String text) {
    assertThat(Numbers.amount(amount)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"74368, 74.4k", "70426624, 70.4M", "11846072320, 11.8B"})
  void parametersAreSaidAsModelsAreNamed(double parameters, String text) {
    assertThat(Numbers.parameters(parameters)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "0.4, 0 s",
    "59.4, 59 s",
    "60, 1 min 00 s",
    "73, 1 min 13 s",
    "3599.9, 1 h 00 min",
    "7500, 2 h 05 min",
    "273600, 3 d 04 h"
  })
  void durationsHaveTheirTwoLargestParts(double seconds, String text) {
    assertThat(Numbers.duration(Duration.ofMillis((long) (seconds * 1000)))).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "0.79, 0.0235, 0.7900 ± 0.0235",
    "10.17177, , 10.1718",
    "0.5, NaN, 0.5000",
    "41350942515344.945, , 4.135e+13",
    "-0.25, 0, -0.2500 ± 0.0000"
  })
  void valuesHaveTheirErrorWhereThereIsOne(double value, Double stderr, String text) {
    assertThat(Numbers.withError(value, stderr)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"0, 0 tasks", "1, 1 task", "2, 2 tasks", "12345, '12,345 tasks'"})
  void whatIsCountedHasAnSUnlessThereIsOneOfIt(long count, String text) {
    assertThat(Numbers.count(count, "task")).isEqualTo(text);
  }
}
