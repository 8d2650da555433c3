package dev.castalia.scoring.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** All expected numbers are CPython 3.11's. */
class PythonRandomTest {

  @Test
  void realsArePythons() {
    PythonRandom random = new PythonRandom(1234);

    assertThat(new double[] {random.random(), random.random(), random.random()})
        .containsExactly(0.9664535356921388, 0.4407325991753527, 0.007491470058587191);
  }

  @Test
  void samplesFromSetsAndPoolsArePythons() {
    PythonRandom random = new PythonRandom(1234);

    assertThat(random.sample(1000, 5)).containsExactly(989, 796, 451, 119, 7);
    assertThat(random.sample(20, 4)).containsExactly(2, 18, 1, 19);
    assertThat(random.sample(200, 8)).containsExactly(25, 196, 90, 60, 4, 7, 88, 165);
    assertThat(random.sample(10, 10)).containsExactly(9, 7, 8, 1, 0, 6, 5, 3, 4, 2);
  }

  @Test
  void wholeNumbersBelowABoundArePythons() {
    PythonRandom random = new PythonRandom(0);

    assertThat(IntStream.range(0, 10).map(i -> random.below(7)).toArray())
        .containsExactly(6, 3, 6, 3, 0, 2, 4, 3, 3, 6);
  }

  @Test
  void aSampleLargerThanItsPopulationIsRefused() {
    assertThatThrownBy(() -> new PythonRandom(1).sample(3, 4))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
