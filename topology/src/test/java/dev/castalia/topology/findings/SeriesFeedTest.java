package dev.castalia.topology.findings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castalia.topology.state.ScoredMetric;
import dev.castalia.topology.state.TaskScore;
import java.util.List;
import org.junit.jupiter.api.Test;

class SeriesFeedTest {

  private static final List<ScoredMetric> SCORED =
      List.of(new ScoredMetric("acc", "MEAN", "HIGHER", null, 0.25, 0.5, null));

  @Test
  void aRunIsDescribedByItsCompleteScores() {
    assertThat(
            SeriesFeed.series(
                    List.of(
                        score(0, "emptied", 0, List.of()),
                        score(1, "begun", 5, SCORED),
                        score(2, "complete", 10, SCORED)))
                .getSuite())
        .isEqualTo("complete");
  }

  @Test
  void aRunWithoutCompleteScoresIsDescribedByThoseThatStand() {
    assertThat(
            SeriesFeed.series(
                    List.of(score(0, "emptied", 0, List.of()), score(1, "begun", 5, SCORED)))
                .getSuite())
        .isEqualTo("begun");
  }

  @Test
  void whatASourceReportsOfSomeDocumentsIsAllThereIs() {
    TaskScore some = TaskScore.newBuilder(score(1, "a", 5, SCORED)).setSource("paper").build();

    assertThat(SeriesFeed.series(List.of(some)).getCheckpoints()).hasSize(1);
  }

  private static TaskScore score(
      long step, String suite, int documents, List<ScoredMetric> metrics) {
    return new TaskScore(
        "a",
        "step" + step,
        step,
        step,
        1000L,
        "standard",
        null,
        suite,
        "en",
        null,
        null,
        "sum",
        "v1",
        0L,
        "en",
        0,
        "float32",
        null,
        documents,
        10,
        null,
        0L,
        metrics);
  }
}
