package dev.castalia.topology.findings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castalia.events.Finding;
import dev.castalia.events.SeedRun;
import dev.castalia.events.SeedSpread;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SeedFindingsTest {

  @Test
  void aRunThatIsScoredUpToAnEarlyStepDoesNotMakeItTheEnd() {
    Finding found = found(9, 1);

    assertThat(found.getVerdict()).isEqualTo("way-differs");
    assertThat(((SeedSpread) found.getDetails()).getRuns())
        .extracting(SeedRun::getFinal$)
        .hasSize(9)
        .containsOnly(0.8);
    assertThat(found.getModels()).hasSize(10);
  }

  @Test
  void twoRunsThatHaveEndedAreNotEnough() {
    assertThat(found(2, 1).getVerdict()).isEqualTo("not-enough-data");
  }

  /** Runs that are smooth, differ at step 512 and stay at 0.8, and such as end at step 512. */
  private static Finding found(int ended, int begun) {
    List<Scores> runs = new ArrayList<>();
    for (int seed = 0; seed < ended + begun; seed++) {
      TreeMap<Long, Double> scores = new TreeMap<>(Map.of(512L, 0.6 + 0.01 * seed));
      for (long step : new long[] {0, 2, 8, 32}) {
        scores.put(step, 0.5);
      }
      if (seed < ended) {
        for (long step : new long[] {3000, 33000, 83000, 143000}) {
          scores.put(step, 0.8);
        }
      }
      runs.add(
          Scores.of(
              MadeUpSeries.of("m-seed" + seed, "sums", scores).setSeed((long) seed).build(),
              MadeUpSeries.METRIC));
    }
    return SeedFindings.of(runs).getFirst();
  }
}
