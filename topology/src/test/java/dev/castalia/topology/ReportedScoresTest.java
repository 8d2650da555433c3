package dev.castalia.topology;

import static dev.castalia.topology.Mesh.checkpoint;
import static dev.castalia.topology.Mesh.task;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.castalia.events.Aggregation;
import dev.castalia.events.BoardEntry;
import dev.castalia.events.CheckpointPublished;
import dev.castalia.events.Direction;
import dev.castalia.events.Leaderboard;
import dev.castalia.events.MetricScore;
import dev.castalia.events.MetricSpec;
import dev.castalia.events.ScoreReported;
import dev.castalia.events.Scorecard;
import dev.castalia.events.TrajectoryPoint;
import dev.castalia.schemas.CheckpointPartitioner;
import dev.castalia.schemas.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReportedScoresTest {

  private static final MetricSpec ACC =
      new MetricSpec("acc", Aggregation.MEAN, Direction.HIGHER, null, 0.25);
  private static final MetricSpec PERPLEXITY =
      new MetricSpec("a_perplexity", Aggregation.PERPLEXITY, Direction.LOWER, null, null);

  private final Mesh mesh = new Mesh();

  @AfterEach
  void close() {
    mesh.close();
  }

  @Test
  void theMetricsOfOneTaskBecomeOneScorecardOfTheirSource() {
    mesh.put(reported("a", 1, "paper", PERPLEXITY, 30, 2.0));
    mesh.put(reported("a", 1, "paper", ACC, 0.5, 0.05));
    mesh.tick();

    assertThat(mesh.scorecards())
        .containsOnlyKeys("a@step1|sum|0||paper")
        .hasValueSatisfying(
            new org.assertj.core.api.Condition<>(
                card ->
                    card.getSource().equals("paper")
                        && card.getDtype().isEmpty()
                        && card.getDocuments() == 100
                        && card.getFingerprint() == null,
                "of the source, in no precision, without a fingerprint"));
  }

  @Test
  void aScoreOfSomeDocumentsSaysHowManyTheTaskHas() {
    mesh.put(
        ScoreReported.newBuilder(reported("a", 1, "paper", ACC, 0.5, 0.05))
            .setOfDocuments(300)
            .build());
    mesh.put(
        ScoreReported.newBuilder(reported("a", 1, "paper", PERPLEXITY, 30, 2.0))
            .setDocuments(null)
            .build());
    mesh.tick();

    assertThat(mesh.scorecards().get("a@step1|sum|0||paper"))
        .extracting(Scorecard::getDocuments, Scorecard::getOfDocuments)
        .containsExactly(100, 300);
  }

  @Test
  void whatGuessingHasALevelOfComesFirstWhateverTheOrder() {
    mesh.put(reported("a", 1, "paper", PERPLEXITY, 30, 2.0));
    mesh.put(reported("a", 1, "paper", ACC, 0.5, 0.05));
    mesh.tick();

    assertThat(mesh.scorecards().get("a@step1|sum|0||paper").getMetrics())
        .extracting(score -> score.getSpec().getMetric())
        .containsExactly("acc", "a_perplexity");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.5, Double.NaN})
  void theSameReportedAgainLaterChangesNothing(double value) {
    mesh.put(reported("a", 1, "paper", ACC, value, 0.05));
    mesh.pass(Duration.ofSeconds(1));
    mesh.scorecards();
    mesh.leaderboards();
    mesh.trajectories();

    mesh.put(at(Mesh.START.plusSeconds(60), reported("a", 1, "paper", ACC, value, 0.05)));
    mesh.pass(Duration.ofSeconds(1));

    assertThat(mesh.scorecards()).isEmpty();
    assertThat(mesh.leaderboards()).isEmpty();
    assertThat(mesh.trajectories()).isEmpty();
  }

  @Test
  void anotherValueOfTheSameSourceTakesTheOldOnesPlace() {
    mesh.put(reported("a", 1, "paper", ACC, 0.5, 0.05));
    mesh.tick();
    mesh.put(reported("a", 1, "paper", ACC, 0.6, 0.05));
    mesh.pass(Duration.ofSeconds(1));

    Leaderboard board = mesh.leaderboards().get("sum|acc|0||paper");
    assertThat(board.getTotal()).isOne();
    assertThat(board.getEntries()).extracting(BoardEntry::getValue).containsExactly(0.6);
  }

  @Test
  void ownScoresAndThoseOfTwoSourcesStandSideBySideAndAreNeverMerged() {
    mesh.put(task("sum", 10, 10));
    mesh.put(checkpoint("a", 1));
    mesh.put(mesh.sweep("s", "a", "sum"));
    mesh.tick();
    mesh.answer(mesh.requests().getFirst(), 0.9);
    mesh.put(reported("a", 1, "paper", ACC, 0.5, 0.05));
    mesh.put(reported("a", 2, "paper", ACC, 0.7, 0.05));
    mesh.put(reported("a", 1, "blog", ACC, 0.4, null));
    mesh.pass(Duration.ofSeconds(1));

    assertThat(mesh.leaderboards())
        .containsOnlyKeys("sum|acc|0|float32", "sum|acc|0||paper", "sum|acc|0||blog")
        .hasEntrySatisfying("sum|acc|0|float32", board -> assertThat(board.getSource()).isNull())
        .hasEntrySatisfying(
            "sum|acc|0||paper",
            board -> {
              assertThat(board.getSource()).isEqualTo("paper");
              assertThat(board.getEntries())
                  .extracting(BoardEntry::getRank, BoardEntry::getRevision, BoardEntry::getValue)
                  .containsExactly(tuple(1, "step2", 0.7), tuple(2, "step1", 0.5));
            });
    assertThat(mesh.trajectories())
        .containsOnlyKeys("a|sum|acc|0|float32", "a|sum|acc|0||paper", "a|sum|acc|0||blog")
        .hasEntrySatisfying(
            "a|sum|acc|0||paper",
            line ->
                assertThat(line.getPoints())
                    .extracting(TrajectoryPoint::getStep, TrajectoryPoint::getValue)
                    .containsExactly(tuple(1L, 0.5), tuple(2L, 0.7)));
  }

  @Test
  void aCheckpointWithoutAMetricHasNoPointOfIt() {
    mesh.put(reported("a", 1, "paper", ACC, 0.5, 0.05));
    mesh.put(reported("a", 2, "paper", ACC, 0.6, 0.05));
    mesh.put(reported("a", 2, "paper", PERPLEXITY, 30, null));
    mesh.pass(Duration.ofSeconds(1));

    assertThat(mesh.trajectories().get("a|sum|a_perplexity|0||paper").getPoints())
        .extracting(TrajectoryPoint::getStep)
        .containsExactly(2L);
  }

  @Test
  void aCheckpointOfACorrectedStepHasNoPointAtTheOldOne() {
    ScoreReported report = reported("a", 1, "paper", ACC, 0.5, 0.05);
    mesh.put(report);
    mesh.pass(Duration.ofSeconds(1));
    mesh.put(
        ScoreReported.newBuilder(report)
            .setCheckpoint(
                CheckpointPublished.newBuilder(report.getCheckpoint()).setStep(1000).build())
            .build());
    mesh.pass(Duration.ofSeconds(1));

    assertThat(mesh.trajectories().get("a|sum|acc|0||paper").getPoints())
        .extracting(TrajectoryPoint::getStep)
        .containsExactly(1000L);
  }

  @Test
  void entriesWhoseIntervalsOverlapAreMarkedAsNotApart() {
    mesh.put(reported("a", 1, "paper", ACC, 0.90, 0.01));
    mesh.put(reported("b", 1, "paper", ACC, 0.88, 0.01));
    mesh.put(reported("c", 1, "paper", ACC, 0.85, 0.01));
    mesh.pass(Duration.ofSeconds(1));

    // 1.96 × 0.01 to either side: 0.88 reaches both neighbours, 0.85 does not reach 0.90.
    assertThat(mesh.leaderboards().get("sum|acc|0||paper").getEntries())
        .extracting(BoardEntry::getApartFromFirst, BoardEntry::getApartFromPrevious)
        .containsExactly(tuple(null, null), tuple(false, false), tuple(true, false));
  }

  @Test
  void anotherVersionOfATaskTakesTheBoardOverWhateverTheOrder() {
    ScoreReported old = reported("a", 1, "paper", ACC, 0.5, 0.05);
    ScoreReported newer = ofVersion("1", reported("a", 2, "paper", ACC, 0.6, 0.05));
    for (List<ScoreReported> order : List.of(List.of(old, newer), List.of(newer, old))) {
      try (Mesh fresh = new Mesh()) {
        order.forEach(fresh::put);
        fresh.pass(Duration.ofSeconds(1));

        Leaderboard board = fresh.leaderboards().get("sum|acc|0||paper");
        assertThat(board.getVersion()).isEqualTo("1");
        assertThat(board.getEntries()).extracting(BoardEntry::getRevision).containsExactly("step2");
        assertThat(fresh.trajectories().get("a|sum|acc|0||paper").getVersion()).isEqualTo("1");
      }
    }
  }

  @Test
  void whatIsReportedAgainOfALowerVersionLeavesTheBoardAndTheLastTakesItAlong() {
    List<ScoreReported> reports =
        List.of(
            reported("a", 1, "paper", ACC, 0.5, 0.05), reported("b", 1, "paper", ACC, 0.4, 0.05));
    reports.forEach(it -> mesh.put(ofVersion("2", it)));
    mesh.put(ofVersion("1", reports.getFirst()));
    mesh.pass(Duration.ofSeconds(1));
    Leaderboard before = mesh.leaderboards().get("sum|acc|0||paper");
    mesh.put(ofVersion("1", reports.getLast()));
    mesh.pass(Duration.ofSeconds(1));
    Leaderboard after = mesh.leaderboards().get("sum|acc|0||paper");

    assertThat(before.getVersion()).isEqualTo("2");
    assertThat(before.getTotal()).isOne();
    assertThat(before.getEntries()).extracting(BoardEntry::getModel).containsExactly("b");
    assertThat(after.getVersion()).isEqualTo("1");
    assertThat(after.getTotal()).isEqualTo(2);
    assertThat(after.getEntries()).extracting(BoardEntry::getModel).containsExactly("a", "b");
  }

  @Test
  void aBoardRanksAllByTheMetricThatItNames() {
    MetricSpec lower = MetricSpec.newBuilder(ACC).setDirection(Direction.LOWER).build();
    mesh.put(reported("a", 1, "paper", ACC, 0.7, 0.05));
    mesh.put(reported("b", 1, "paper", ACC, 0.6, 0.05));
    mesh.pass(Duration.ofSeconds(1));
    mesh.put(reported("c", 1, "paper", lower, 0.5, 0.05));
    mesh.pass(Duration.ofSeconds(1));

    Leaderboard board = mesh.leaderboards().get("sum|acc|0||paper");
    assertThat(board.getMetric()).isEqualTo(lower);
    assertThat(board.getTotal()).isEqualTo(3);
    assertThat(board.getEntries())
        .extracting(BoardEntry::getRank, BoardEntry::getModel)
        .containsExactly(tuple(1, "c"), tuple(2, "b"), tuple(3, "a"));
  }

  @Test
  void whateverTheOrderOfReportsTheEndIsTheSame() {
    List<ScoreReported> reports = new ArrayList<>();
    for (int step = 1; step <= 4; step++) {
      reports.add(reported("a", step, "paper", ACC, step / 10.0, 0.05));
      reports.add(reported("a", step, "paper", PERPLEXITY, 100.0 / step, null));
      reports.add(reported("b", step, "paper", ACC, step / 20.0, 0.05));
    }
    List<Map<String, Scorecard>> ends = new ArrayList<>();
    for (int seed = 0; seed < 5; seed++) {
      Collections.shuffle(reports, new Random(seed));
      try (Mesh fresh = new Mesh()) {
        for (ScoreReported report : reports) {
          fresh.put(report);
          if (seed % 2 == 0) {
            fresh.tick();
          }
        }
        fresh.tick();
        ends.add(fresh.scorecards());
      }
    }

    assertThat(ends).allSatisfy(end -> assertThat(end).isEqualTo(ends.getFirst()));
  }

  @Test
  void aReportThatBreaksARuleIsADeadLetterThatSaysWhich() {
    ScoreReported report =
        ScoreReported.newBuilder(reported("a", 1, "paper", ACC, 0.5, 0.05)).setShots(-1).build();
    mesh.put(Topic.REPORTED_SCORES, "a@step1|sum|-1|acc|paper", Mesh.bytes(report));

    assertThat(mesh.deadLetters()).hasSize(1);
    assertThat(mesh.failures().getFirst().value().getReason())
        .contains("shots is -1 but must be at least 0");
  }

  @Test
  void oneMetricMoreThanAScorecardHasRoomForIsADeadLetterThatSaysWhatToDo() {
    for (int i = 0; i < Bounds.METRICS; i++) {
      mesh.put(reported("a", 1, "paper", metric(i), 0.5, null));
    }
    ScoreReported last = reported("a", 1, "paper", metric(Bounds.METRICS), 0.5, null);
    mesh.put(last);
    mesh.put(reported("a", 1, "paper", metric(0), 0.6, null));
    mesh.tick();

    assertThat(mesh.scorecards().get("a@step1|sum|0||paper").getMetrics())
        .hasSize(Bounds.METRICS)
        .first()
        .extracting(MetricScore::getValue)
        .isEqualTo(0.6);
    assertThat(mesh.deadLetters())
        .singleElement()
        .extracting(TestRecord::value)
        .isEqualTo(Mesh.bytes(last));
    assertThat(mesh.failures())
        .singleElement()
        .extracting(it -> it.value().getReason())
        .asString()
        .contains("metric m1000 is one more than the 1000")
        .endsWith("report it of a task of another name");
  }

  private static MetricSpec metric(int i) {
    return MetricSpec.newBuilder(ACC).setMetric("m" + i).build();
  }

  @Test
  void aReportUnderAnotherKeyIsADeadLetter() {
    ScoreReported report = reported("a", 1, "paper", ACC, 0.5, 0.05);
    mesh.put(Topic.REPORTED_SCORES, "a@step1", Mesh.bytes(report));

    assertThat(mesh.failures().getFirst().value().getReason())
        .contains("the key is \"a@step1\" but the value's is \"a@step1|sum|0|acc|paper\"");
  }

  @Test
  void aReportThatLiesInAnotherPartitionThanItsCheckpointIsTakenAsTheOthersAre() {
    TopologySettings wide =
        new TopologySettings(2, Duration.ofMillis(250), 3, Mesh.settings(8).ledger());
    try (Mesh two = new Mesh(wide)) {
      // The test's driver reads all topics as partition 0.
      long atHome = stepIn(0);
      long elsewhere = stepIn(1);
      two.put(reported("a", atHome, "paper", ACC, 0.5, 0.05));
      two.put(reported("a", elsewhere, "paper", ACC, 0.6, 0.05));
      two.tick();

      assertThat(two.scorecards())
          .containsOnlyKeys(
              "a@step" + atHome + "|sum|0||paper", "a@step" + elsewhere + "|sum|0||paper");
    }
  }

  private static long stepIn(int partition) {
    return LongStream.rangeClosed(1, 100)
        .filter(step -> CheckpointPartitioner.partition("a@step" + step, 2) == partition)
        .findFirst()
        .orElseThrow();
  }

  private static ScoreReported reported(
      String model, long step, String source, MetricSpec metric, double value, Double stderr) {
    return ScoreReported.newBuilder()
        .setCheckpoint(checkpoint(model, step))
        .setTask("sum")
        .setShots(0)
        .setMetric(metric)
        .setValue(value)
        .setStderr(stderr)
        .setDocuments(100)
        .setSource(source)
        .setReportedAt(Mesh.START)
        .build();
  }

  private static ScoreReported ofVersion(String version, ScoreReported report) {
    return ScoreReported.newBuilder(report).setVersion(version).build();
  }

  private static ScoreReported at(Instant time, ScoreReported report) {
    return ScoreReported.newBuilder(report)
        .setCheckpoint(
            CheckpointPublished.newBuilder(report.getCheckpoint()).setPublishedAt(time).build())
        .setReportedAt(time)
        .build();
  }
}
