package dev.castalia.topology.findings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castalia.schemas.Topic;
import dev.castalia.topology.state.RunSeries;
import dev.castalia.topology.state.ScoredMetric;
import dev.castalia.topology.state.SeriesMetric;
import dev.castalia.topology.state.StateSerde;
import dev.castalia.topology.state.TaskScore;
import java.util.List;
import java.util.function.LongFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
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

  @Test
  void tenThousandCheckpointsKeepTwentyMetrics() {
    List<ScoredMetric> metrics = IntStream.range(0, 20).mapToObj(i -> metric("m" + i)).toList();

    RunSeries run = SeriesFeed.series(scores(10_000, step -> metrics));

    assertThat(run.getCheckpoints()).hasSize(10_000);
    assertThat(run.getMetrics())
        .hasSize(20)
        .allSatisfy(it -> assertThat(it.getValues()).hasSize(10_000).doesNotContain(Double.NaN));
  }

  @Test
  void whereEachCheckpointHasAMetricOfItsOwnTheSeriesHasRoomInARecord() {
    RunSeries run = SeriesFeed.series(scores(1600, step -> List.of(metric("m" + step))));

    assertThat(new StateSerde(RunSeries.class).serialize("", run).length)
        .isLessThan(Topic.MAX_DEAD_LETTER_BYTES);
  }

  @Test
  void ofTooManyMetricsThoseAreKeptThatMostCheckpointsHave() {
    RunSeries run =
        SeriesFeed.series(
            scores(
                1600,
                step ->
                    step < 1000
                        ? List.of(metric("m" + step))
                        : List.of(metric("m" + step), metric("acc"))));

    assertThat(run.getMetrics()).extracting(SeriesMetric::getMetric).contains("acc");
  }

  @Test
  void checkpointsOfLongNamesHaveRoomInARecord() {
    List<TaskScore> scores =
        scores(24_000, step -> SCORED).stream()
            .map(
                it ->
                    TaskScore.newBuilder(it)
                        .setRevision("\ud83d\ude00".repeat(190) + it.getStep())
                        .setFingerprint("\ud83d\ude00".repeat(200))
                        .build())
            .toList();

    assertThat(new StateSerde(RunSeries.class).serialize("", SeriesFeed.series(scores)).length)
        .isLessThan(Topic.MAX_DEAD_LETTER_BYTES);
  }

  private static List<TaskScore> scores(int steps, LongFunction<List<ScoredMetric>> metrics) {
    return LongStream.range(0, steps)
        .mapToObj(step -> score(step, null, 10, metrics.apply(step)))
        .toList();
  }

  private static ScoredMetric metric(String name) {
    return new ScoredMetric(name, "MEAN", "HIGHER", null, null, 0.5, 0.1);
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
