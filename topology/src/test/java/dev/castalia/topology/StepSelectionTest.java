package dev.castalia.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StepSelectionTest {

  @Test
  void logTakesZeroPowersOfTwoAndThousandsOfPowersOfTwo() {
    assertThat(selected("log", 0, 3000))
        .containsExactly(
            0L, 1L, 2L, 4L, 8L, 16L, 32L, 64L, 128L, 256L, 512L, 1000L, 1024L, 2000L, 2048L);
  }

  @Test
  void everyTakesTheMultiplesAndZero() {
    assertThat(selected("every:1000", 0, 2500)).containsExactly(0L, 1000L, 2000L);
  }

  @Test
  void aRangeTakesBothItsEnds() {
    assertThat(selected("3..5", 0, 10)).containsExactly(3L, 4L, 5L);
  }

  @Test
  void itemsAddUp() {
    assertThat(selected("0, 5,8..9", 0, 10)).containsExactly(0L, 5L, 8L, 9L);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "some", "every:0", "every:", "5..3", "-1", "1,,2", "99999999999999999999"})
  void anythingElseIsRefusedByName(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StepSelection.parse(text))
        .withMessageContaining("is not a selection of steps");
  }

  private static List<Long> selected(String text, long from, long to) {
    StepSelection selection = StepSelection.parse(text);
    return LongStream.rangeClosed(from, to).filter(selection::contains).boxed().toList();
  }
}
