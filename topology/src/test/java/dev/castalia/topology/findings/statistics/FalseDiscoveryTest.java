package dev.castalia.topology.findings.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class FalseDiscoveryTest {

  /** The 15 p-values of Benjamini and Hochberg (1995), whose four smallest pass at 5 %. */
  private static final double[] PUBLISHED = {
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719,
    0.6528, 0.7590, 1.000
  };

  @Test
  void thePublishedExampleHasFourDiscoveries() {
    double[] adjusted = FalseDiscovery.adjusted(PUBLISHED);

    assertThat(Arrays.stream(adjusted).filter(q -> q <= 0.05)).hasSize(4);
    assertThat(adjusted[3]).isCloseTo(0.035625, Offset.offset(1e-12));
    assertThat(adjusted[14]).isEqualTo(1);
  }

  @Test
  void theOrderGivenIsTheOrderOfTheAnswer() {
    double[] adjusted = FalseDiscovery.adjusted(new double[] {0.5, 0.001, 0.04});

    assertThat(adjusted).containsExactly(new double[] {0.5, 0.003, 0.06}, Offset.offset(1e-12));
  }

  @Test
  void noTestsHaveNoAnswer() {
    assertThat(FalseDiscovery.adjusted(new double[0])).isEmpty();
  }

  @Test
  void tasksOfWhichNoneHasAnEffectGiveAnyDiscoveryAsRarelyAsClaimed() {
    Draws.assertRateAtMost(
        0.05,
        draw -> {
          double[] adjusted = FalseDiscovery.adjusted(draw.doubles(80).toArray());
          return Arrays.stream(adjusted).anyMatch(q -> q <= 0.05);
        });
  }
}
