package dev.castalia.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.castalia.events.Aggregation;
import dev.castalia.events.CheckpointPublished;
import dev.castalia.events.Direction;
import dev.castalia.events.MetricScore;
import dev.castalia.events.MetricSpec;
import dev.castalia.events.ScoreReported;
import dev.castalia.events.Scorecard;
import dev.castalia.gateway.problem.ProblemException;
import dev.castalia.topology.Bounds;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RulesTest {

  private static final CheckpointPublished CHECKPOINT =
      CheckpointPublished.newBuilder()
          .setModel("a")
          .setRevision("step1")
          .setStep(1)
          .setTokensSeen(1)
          .setParameters(1)
          .setTokenizer("")
          .setLocation("")
          .setPublishedAt(Instant.EPOCH)
          .build();

  @Test
  void aLanguageWithControlCharactersIsUnprocessable() {
    CheckpointPublished checkpoint =
        CheckpointPublished.newBuilder(CHECKPOINT).setLanguage("en\u001b[2J").build();

    assertThatExceptionOfType(ProblemException.class)
        .isThrownBy(() -> Rules.check(checkpoint))
        .withMessageContaining("but must be without control characters")
        .satisfies(it -> assertThat(it.status()).isEqualTo(422));
  }

  @Test
  void oneMetricMoreThanAScorecardHasRoomForIsUnprocessable() {
    Scorecard card = card(Bounds.METRICS);

    assertThatExceptionOfType(ProblemException.class)
        .isThrownBy(() -> Rules.check(card, reported("other")))
        .withMessageContaining("task sum: metric other is one more than the 1000")
        .satisfies(it -> assertThat(it.status()).isEqualTo(422));
  }

  @Test
  void aMetricOfAFullScorecardMayBeReportedAgain() {
    Rules.check(card(Bounds.METRICS), reported("m0"));
  }

  private static Scorecard card(int metrics) {
    return Scorecard.newBuilder()
        .setCheckpoint(CHECKPOINT)
        .setTask("sum")
        .setVersion("")
        .setLanguage("en")
        .setShots(0)
        .setDtype("")
        .setDocuments(0)
        .setOfDocuments(0)
        .setMetrics(
            IntStream.range(0, metrics)
                .mapToObj(i -> new MetricScore(spec("m" + i), 0.5, null))
                .toList())
        .setTaskRegisteredAt(Instant.EPOCH)
        .setUpdatedAt(Instant.EPOCH)
        .setSource("paper")
        .build();
  }

  private static ScoreReported reported(String metric) {
    return ScoreReported.newBuilder()
        .setCheckpoint(CHECKPOINT)
        .setTask("sum")
        .setTags(List.of())
        .setShots(0)
        .setMetric(spec(metric))
        .setValue(0.5)
        .setSource("paper")
        .setReportedAt(Instant.EPOCH)
        .build();
  }

  private static MetricSpec spec(String metric) {
    return new MetricSpec(metric, Aggregation.MEAN, Direction.HIGHER, null, null);
  }
}
