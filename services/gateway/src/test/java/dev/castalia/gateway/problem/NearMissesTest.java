package dev.castalia.gateway.problem;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearMissesTest {

  private static final List<String> TASKS =
      List.of("lambada_openai", "arc_easy", "arc_challenge", "piqa", "winogrande");

  @Test
  void aSlipOfTheKeyboardIsFound() {
    assertThat(NearMisses.of("winogrnade", TASKS)).containsExactly("winogrande");
  }

  @Test
  void aPartOfANameIsFound() {
    assertThat(NearMisses.of("lambada", TASKS)).containsExactly("lambada_openai");
  }

  @Test
  void nothingIsFoundWhereNothingIsClose() {
    assertThat(NearMisses.of("hellaswag", TASKS)).isEmpty();
  }

  @Test
  void aTextThatNobodyMistypedIsNotCompared() {
    String name = "n".repeat(201);
    assertThat(NearMisses.of(name, List.of(name))).isEmpty();
  }

  @Test
  @Timeout(5)
  void namesOfAnotherLengthAreNotCompared() {
    List<String> names = IntStream.range(0, 1000).mapToObj(i -> "n".repeat(50_000) + i).toList();
    assertThat(NearMisses.of("x".repeat(200), names)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"kitten, sitting, 3", "flaw, lawn, 2", "'', abc, 3", "same, same, 0"})
  void theDistanceIsLevenshteins(String a, String b, int distance) {
    assertThat(NearMisses.distance(a, b)).isEqualTo(distance);
  }
}
