package dev.castalia.topology.findings.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import org.junit.jupiter.api.Test;

class ChiSquaredTest {

  @Test
  void ofTwoDegreesItIsExponential() {
    assertThat(ChiSquared.atLeast(3, 2)).isCloseTo(Math.exp(-1.5), within(1e-12));
  }

  @Test
  void whatIsHardlyPossibleIsNotTakenForImpossible() {
    assertThat(ChiSquared.atLeast(200, 2)).isCloseTo(Math.exp(-100), withinPercentage(1e-6));
  }

  @Test
  void nothingIsAsLargeAsAnInfiniteSum() {
    assertThat(ChiSquared.atLeast(Double.POSITIVE_INFINITY, 3)).isZero();
  }
}
