package dev.castalia.cli.chaos;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.castalia.cli.cluster.ClusterException;
import dev.castalia.cli.gateway.SweepProgress;
import java.util.List;
import org.junit.jupiter.api.Test;

class RepeatedScoringTest {

  private static void require(String state, int done, int failed) {
    RepeatedScoring.requireWhole(
        new SweepProgress("peace", state, 9, 9, 72, done, failed, List.of(), null));
  }

  @Test
  void whatIsAllScoredInPeaceIsComparedWith() {
    assertThatNoException().isThrownBy(() -> require("done", 72, 0));
  }

  @Test
  void whatIsNotOverInPeaceIsNotComparedWith() {
    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(() -> require("running", 71, 0))
        .withMessageStartingWith("The sweep is not over after 4 min 00 s, with 71 of 72 units");
  }

  @Test
  void whatFailedInPeaceIsNotComparedWith() {
    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(() -> require("done", 71, 1))
        .withMessageStartingWith("1 of 72 units failed, though nothing was disturbed");
  }
}
