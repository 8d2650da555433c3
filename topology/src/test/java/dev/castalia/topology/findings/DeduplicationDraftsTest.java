package dev.castalia.topology.findings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.castalia.events.DeduplicationEffect;
import dev.castalia.events.Finding;
import dev.castalia.events.RunPair;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DeduplicationDraftsTest {

  private static Finding draft(double standard, double deduped) {
    List<Scores> group = new ArrayList<>();
    for (int size = 1; size <= 4; size++) {
      double scatter = size % 2 == 0 ? 0.004 : -0.004;
      group.add(Runs.biases("m" + size, size, "standard", 0.5, standard));
      group.add(Runs.biases("m" + size + "-deduped", size, "deduped", 0.5, deduped + scatter));
    }
    return DeduplicationDrafts.of(group, new PairedDocuments(Map.of())).getFirst();
  }

  @Test
  void aBiasAsFarOnTheOtherSideIsNoDifference() {
    assertThat(draft(0.6, 0.405).getPValue()).isGreaterThan(Findings.ALPHA);
    assertThat(draft(0.6, 0.395).getPValue()).isGreaterThan(Findings.ALPHA);
  }

  @Test
  void deduplicationHelpsIfTheBiasEndsNearerToItsTarget() {
    Finding nearer = draft(0.6, 0.47);

    assertThat(nearer.getVerdict()).isEqualTo("helps");
    assertThat(nearer.getPValue()).isLessThan(Findings.ALPHA);
    assertThat(nearer.getEffect()).isCloseTo(-0.07, within(1e-9));
    assertThat(((DeduplicationEffect) nearer.getDetails()).getPairs())
        .extracting(RunPair::getDifference)
        .allSatisfy(it -> assertThat(it).isCloseTo(-0.13, within(0.005)));
    assertThat(draft(0.4, 0.27).getVerdict()).isEqualTo("hurts");
  }
}
