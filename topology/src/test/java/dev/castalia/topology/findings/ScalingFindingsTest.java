package dev.castalia.topology.findings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
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
  void sizesAreComparedAtTheirEndThoughAnotherHasJustStarted() {
    List<Scores> group = new ArrayList<>();
    for (int size = 0; size < 5; size++) {
      group.add(Runs.accuracies("m" + size, parameters(size), 0, 0.25, 0.3, 0.4 + 0.1 * size));
    }
    group.add(Runs.accuracies("m5", parameters(5), 0, 0.25, 0.3));

    assertThat(ScalingFindings.of(group))
        .singleElement()
        .satisfies(
            found -> {
              assertThat(found.getVerdict()).isEqualTo("log-linear");
              assertThat(curve(found).getTokensSeen()).isEqualTo(2000 * 4096);
              assertThat(curve(found).getSizes()).hasSize(5);
              assertThat(found.getExpected()).isEqualTo(6);
            });
  }

  @Test
  void runsOnDataOfOtherLanguagesAreOfCurvesOfTheirOwn() {
    List<Scores> group = new ArrayList<>();
    for (int size = 0; size < 5; size++) {
      group.add(
          Runs.accuracies("m" + size, size < 3 ? "en" : "ko", parameters(size), 0, 0.25, 0.3));
    }

    assertThat(ScalingFindings.of(group))
        .extracting(Finding::getSubject, Finding::getModels)
        .containsExactly(
            tuple("made-up|standard|en|sums|acc|0|float32", List.of("m0", "m1", "m2")),
            tuple("made-up|standard|ko|sums|acc|0|float32", List.of("m3", "m4")));
  }

  @Test
  void ofUntrainedWeightsNothingIsSaid() {
    List<Scores> group = new ArrayList<>();
    for (int size = 0; size < 5; size++) {
      group.add(Runs.accuracies("m" + size, parameters(size), 0, 0.25));
    }

    assertThat(ScalingFindings.of(group)).isEmpty();
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
