package dev.castalia.topology.findings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.castalia.events.Finding;
import dev.castalia.events.ScalingCurve;
import dev.castalia.events.SizePoint;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScalingFindingsTest {

  private static long parameters(int size) {
    return 1_000_000L << size;
  }

  private static ScalingCurve curve(Finding finding) {
    return (ScalingCurve) finding.getDetails();
  }

  @Test
  void theGainFromExamplesIsThatOfOneCheckpoint() {
    List<Scores> group = new ArrayList<>();
    for (int size = 0; size < 5; size++) {
      group.add(Runs.accuracies("m" + size, parameters(size), 0, 0.25, 0.4));
      group.add(Runs.accuracies("m" + size, parameters(size), 5, 0.25, 0.5));
    }
    group.add(Runs.accuracies("m0-seed1", parameters(0), 0, 0.25, 0.2, 0.2));
    group.add(Runs.accuracies("m1-seed1", parameters(1), 5, 0.25, 0.2, 0.2));

    Finding gain =
        ScalingFindings.of(group).stream()
            .filter(it -> curve(it).getGainFromShots() != null)
            .findFirst()
            .orElseThrow();

    assertThat(gain.getModels()).containsExactly("m0", "m1", "m2", "m3", "m4");
    assertThat(curve(gain).getSizes())
        .extracting(SizePoint::getValue)
        .allSatisfy(it -> assertThat(it).isCloseTo(0.1, within(1e-12)));
  }
}
