package dev.castalia.topology.findings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castalia.events.Finding;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class AcquisitionFindingTest {

  @Test
  void whatAnUntrainedModelScoresByOneAnswerToAllIsNoAbility() {
    assertThat(ofConstant(0, 1, 512, 1000, 143000).getVerdict()).isEqualTo("not-acquired");
  }

  @Test
  void whatTheFirstTrainedCheckpointScoresAboveChanceWasAcquiredBefore() {
    assertThat(ofConstant(512, 1000, 3000, 143000).getVerdict())
        .isEqualTo("before-first-checkpoint");
  }

  private static Finding ofConstant(long... steps) {
    TreeMap<Long, Double> scores = new TreeMap<>();
    for (long step : steps) {
      scores.put(step, 0.62);
    }
    return AcquisitionFinding.of(
        Scores.of(MadeUpSeries.of("a", "boolq", scores).build(), MadeUpSeries.METRIC),
        steps.length);
  }
}
