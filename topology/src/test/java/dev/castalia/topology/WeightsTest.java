package dev.castalia.topology;

import static dev.castalia.topology.Mesh.checkpoint;
import static dev.castalia.topology.Mesh.settings;
import static dev.castalia.topology.Mesh.task;
import static dev.castalia.topology.Mesh.units;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.castalia.events.CheckpointPublished;
import dev.castalia.events.EvaluationRequested;
import dev.castalia.events.FailureKind;
import dev.castalia.events.Scorecard;
import dev.castalia.events.SliceScored;
import dev.castalia.events.SweepProgress;
import dev.castalia.events.SweepRequested;
import dev.castalia.events.UnitId;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Checkpoints published anew, and scores of other weights than before or than published. */
class WeightsTest {

  private Mesh mesh = new Mesh();

  @AfterEach
  void close() {
    mesh.close();
  }

  @Test
  void scorersWithDifferentFilesOfACheckpointDoNotTakeBackEachOthersScoresWithoutEnd() {
    scoreWithDifferentFiles();
    for (int seconds : new int[] {70, 60}) {
      mesh.answer(mesh.requests().getFirst(), 0.5, "one");
      mesh.pass(Duration.ofSeconds(seconds));
    }
    assertThat(mesh.progress().get("s").getFailed()).isZero();
    mesh.answer(mesh.requests().getFirst(), 0.5, "one");
    mesh.tick();

    assertThat(mesh.progress().get("s"))
        .extracting(SweepProgress::getDone, SweepProgress::getFailed)
        .containsExactly(1, 1);
    assertThat(mesh.failures())
        .last()
        .satisfies(
            it -> {
              assertThat(it.value().getReason()).contains("weights one").contains("with other");
              assertThat(it.value().getRemedy()).contains("contentHash");
            });
    assertThat(mesh.requests()).isEmpty();
  }

  @Test
  void whatAScorerWithTheFilesOfTheOthersScoresCounts() {
    scoreWithDifferentFiles();
    mesh.answer(mesh.requests().getFirst(), 0.5, "one");
    mesh.tick();
    mesh.answer(mesh.requests().getFirst(), 0.5, "other");
    mesh.tick();

    assertThat(mesh.progress().get("s").getDone()).isEqualTo(2);
  }

  @Test
  void aCheckpointPublishedAnewMayHaveTheWeightsAgainThatItHadBefore() {
    scoreWithDifferentFiles();
    mesh.put(CheckpointPublished.newBuilder(checkpoint("a", 1)).setLocation("/back").build());
    mesh.tick();
    for (int i = 0; i < 2; i++) {
      mesh.requests().forEach(it -> mesh.answer(it, 0.5, "one"));
      mesh.tick();
    }

    assertThat(mesh.progress().get("s").getDone()).isEqualTo(2);
    assertThat(mesh.scorecards().values())
        .last()
        .extracting(Scorecard::getFingerprint)
        .isEqualTo("one");
  }

  /** One of two units by one scorer and the other by another, so that the first is open again. */
  private void scoreWithDifferentFiles() {
    mesh.publish(task("sum", 10, 5), checkpoint("a", 1));
    mesh.put(mesh.sweep("s", "a", "sum"));
    mesh.tick();
    EvaluationRequested request = mesh.requests().getFirst();
    List<UnitId> units = units(request);
    mesh.put(mesh.score(units.getFirst(), request.getRequest(), 0.5, "one"));
    mesh.put(mesh.score(units.getLast(), request.getRequest(), 0.5, "other"));
    mesh.tick();
  }

  @Test
  void aCheckpointPublishedAnewWithOtherFilesIsTriedAgainByItself() {
    mesh.publish(task("sum", 10, 10), checkpoint("a", 1));
    mesh.put(mesh.sweep("s", "a", "sum"));
    mesh.tick();
    mesh.fail(mesh.requests().getFirst(), FailureKind.PERMANENT);
    mesh.tick();
    assertThat(mesh.requests()).isEmpty();
    mesh.put(CheckpointPublished.newBuilder(checkpoint("a", 1)).setContentHash("whole").build());
    mesh.tick();

    assertThat(mesh.requests()).hasSize(1);
    assertThat(mesh.progress().get("s").getFailed()).isZero();
    assertThat(mesh.failures()).last().extracting(TestRecord::value).isNull();
  }

  @Test
  void aCheckpointPublishedAnewAtAStepThatASweepDoesNotCoverIsNotWaitedFor() {
    mesh.publish(task("sum", 10, 5), checkpoint("a", 1));
    mesh.put(SweepRequested.newBuilder(mesh.sweep("s", "a", "sum")).setSteps("1").build());
    mesh.tick();
    EvaluationRequested request = mesh.requests().getFirst();
    List<UnitId> units = units(request);
    mesh.put(mesh.score(units.getFirst(), request.getRequest(), 1, "weights"));
    mesh.put(CheckpointPublished.newBuilder(checkpoint("a", 1)).setStep(2).build());
    mesh.put(mesh.score(units.getLast(), request.getRequest(), 1, "weights"));
    mesh.tick();

    assertThat(mesh.progress().get("s"))
        .extracting(SweepProgress::getPlanning, SweepProgress::getPlanned, SweepProgress::getDone)
        .containsExactly(false, 0, 0);
  }

  @Test
  void whatWasAskedForOfACheckpointThatLeftItsSweepIsNotAskedForAgain() {
    mesh.publish(task("sum", 10, 5), checkpoint("a", 1));
    mesh.put(SweepRequested.newBuilder(mesh.sweep("s", "a", "sum")).setSteps("1").build());
    mesh.tick();
    EvaluationRequested request = mesh.requests().getFirst();
    mesh.put(CheckpointPublished.newBuilder(checkpoint("a", 1)).setStep(2).build());
    mesh.fail(request, FailureKind.PASSING);
    mesh.pass(Duration.ofMinutes(5));

    assertThat(mesh.requests()).isEmpty();
  }

  @Test
  void whatWasAskedForBeforeACheckpointWasMendedIsAskedForAnewAndCannotFailItAnyMore() {
    mesh.publish(task("sum", 10, 10), checkpoint("a", 1));
    mesh.put(mesh.sweep("s", "a", "sum"));
    mesh.tick();
    EvaluationRequested late = mesh.requests().getFirst();
    mesh.put(CheckpointPublished.newBuilder(checkpoint("a", 1)).setLocation("/mended").build());
    mesh.fail(late, FailureKind.PERMANENT);
    mesh.tick();

    assertThat(mesh.requests())
        .singleElement()
        .satisfies(
            it -> {
              assertThat(it.getCheckpoint().getLocation()).isEqualTo("/mended");
              assertThat(it.getAttempt()).isEqualTo(1);
              mesh.fail(late, FailureKind.PERMANENT);
            });
    mesh.tick();
    assertThat(mesh.progress().get("s").getFailed()).isZero();
  }

  @Test
  void aScoreOfARequestThatWasMadeBeforeACheckpointMovedCounts() {
    mesh.publish(task("sum", 10, 10), checkpoint("a", 1));
    mesh.put(mesh.sweep("s", "a", "sum"));
    mesh.tick();
    EvaluationRequested late = mesh.requests().getFirst();
    mesh.put(CheckpointPublished.newBuilder(checkpoint("a", 1)).setLocation("/moved").build());
    mesh.answer(late, 1);
    mesh.tick();

    assertThat(mesh.requests()).isEmpty();
    assertThat(mesh.progress().get("s").getDone()).isEqualTo(1);
  }

  @Test
  void whatAnEarlierRequestMetDoesNotFailAUnitWhoseScoreWasOfOtherWeights() {
    mesh.close();
    mesh = new Mesh(settings(1));
    mesh.publish(task("sum", 10, 10), checkpoint("a", 1), checkpoint("b", 1));
    mesh.put(mesh.sweep("s", "a", "sum"));
    mesh.tick();
    EvaluationRequested late = mesh.requests().getFirst();
    mesh.pass(Duration.ofMinutes(3));
    mesh.answer(mesh.requests().getFirst(), 0.5, "old");
    mesh.put(mesh.sweep("t", "b", "sum"));
    mesh.tick();
    EvaluationRequested other = mesh.requests().getFirst();

    mesh.put(
        CheckpointPublished.newBuilder(checkpoint("a", 1))
            .setContentHash("new")
            .setLocation("/mended")
            .build());
    mesh.fail(late, FailureKind.PERMANENT);
    mesh.answer(other, 0.5);
    mesh.tick();

    assertThat(mesh.requests())
        .singleElement()
        .extracting(EvaluationRequested::getSweep)
        .isEqualTo("s");
    assertThat(mesh.progress().get("s").getFailed()).isZero();
  }

  @Test
  void aLateScoreOfWeightsThatWereReplacedIsRefusedAndTheUnitAskedForAgain() {
    mesh.publish(task("sum", 10, 10), checkpoint("a", 1));
    mesh.put(mesh.sweep("s", "a", "sum"));
    mesh.tick();
    EvaluationRequested late = mesh.requests().getFirst();
    mesh.put(CheckpointPublished.newBuilder(checkpoint("a", 1)).setContentHash("new").build());
    mesh.answer(late, 0.1, "old");
    mesh.tick();

    EvaluationRequested again = mesh.requests().getFirst();
    mesh.answer(again, 0.9, "new");
    mesh.answer(late, 0.1, "old");
    mesh.tick();

    assertThat(again.getCheckpoint().getContentHash()).isEqualTo("new");
    assertThat(mesh.scorecards().values())
        .singleElement()
        .satisfies(
            card -> {
              assertThat(card.getFingerprint()).isEqualTo("new");
              assertThat(card.getMetrics().getFirst().getValue()).isCloseTo(0.9, within(1e-12));
            });
    assertThat(mesh.progress().get("s").getDone()).isEqualTo(1);
  }

  @Test
  void aUnitThatIsScoredWithNothingButOtherWeightsThanPublishedFailsAfterAWhile() {
    mesh.publish(
        task("sum", 10, 10),
        CheckpointPublished.newBuilder(checkpoint("a", 1)).setContentHash("right").build());
    mesh.put(mesh.sweep("s", "a", "sum"));
    mesh.tick();
    for (int seconds : new int[] {70, 60}) {
      mesh.answer(mesh.requests().getFirst(), 0.5, "wrong");
      mesh.pass(Duration.ofSeconds(seconds));
    }
    assertThat(mesh.progress().get("s").getFailed()).isZero();
    mesh.answer(mesh.requests().getFirst(), 0.5, "wrong");
    mesh.tick();

    assertThat(mesh.progress().get("s").getFailed()).isEqualTo(1);
    assertThat(mesh.failures())
        .last()
        .extracting(it -> it.value().getReason())
        .asString()
        .contains("weights wrong", "contentHash right");
    assertThat(mesh.requests()).isEmpty();
  }

  @Test
  void aLateScoreOfTheFilesOfAnEarlierPublicationTakesNothingBack() {
    mesh.publish(task("sum", 40, 10), checkpoint("a", 1));
    mesh.put(mesh.sweep("s", "a", "sum"));
    mesh.tick();
    EvaluationRequested late = mesh.requests().getFirst();
    mesh.put(mesh.score(units(late).getFirst(), late.getRequest(), 0, "old"));
    mesh.put(CheckpointPublished.newBuilder(checkpoint("a", 1)).setLocation("/moved").build());
    mesh.tick();
    EvaluationRequested again = mesh.requests().getFirst();
    List<UnitId> units = units(again);

    mesh.put(mesh.score(units.get(0), again.getRequest(), 1, "new"));
    mesh.put(mesh.score(units.get(1), again.getRequest(), 1, "new"));
    mesh.put(mesh.score(units.get(0), late.getRequest(), 0, "old"));
    mesh.put(mesh.score(units.get(2), again.getRequest(), 1, "new"));
    mesh.tick();
    mesh.answer(mesh.requests().getFirst(), 1, "new");
    mesh.tick();

    assertThat(mesh.scorecards().get("a@step1|sum|0|float32"))
        .extracting(Scorecard::getFingerprint, Scorecard::getDocuments)
        .containsExactly("new", 40);
    assertThat(mesh.requests()).isEmpty();
    assertThat(mesh.progress().get("s").getDone()).isEqualTo(4);
  }

  @Test
  void filesThatCameBackOnceAreThoseThatCountWhenTheirScoresAreReadAgain() {
    mesh.publish(task("sum", 10, 10), checkpoint("a", 1));
    mesh.put(mesh.sweep("s", "a", "sum"));
    mesh.tick();
    UnitId unit = units(mesh.requests().getFirst()).getFirst();
    for (String weights : List.of("first", "second", "first")) {
      mesh.put(
          SliceScored.newBuilder(mesh.score(unit, "of another state", 1, weights))
              .setScoredAt(Mesh.START.minusSeconds(1))
              .build());
    }
    mesh.tick();

    assertThat(mesh.scorecards().get("a@step1|sum|0|float32").getFingerprint()).isEqualTo("first");
  }

  @Test
  void scoresOfOtherWeightsReplaceAllThatTheOldOnesScored() {
    mesh.publish(task("sum", 10, 10), task("recall", 10, 10), checkpoint("a", 1));
    mesh.put(mesh.sweep("s", "a", "sum", "recall"));
    mesh.tick();
    EvaluationRequested request = mesh.requests().getFirst();
    mesh.answer(request, 1, "old");
    mesh.tick();
    mesh.put(mesh.score(units(request).getFirst(), request.getRequest(), 0, "new"));
    mesh.tick();

    assertThat(mesh.scorecards())
        .hasEntrySatisfying(
            "a@step1|recall|0|float32",
            it -> {
              assertThat(it.getFingerprint()).isEqualTo("new");
              assertThat(it.getReplaced()).isEqualTo("old");
              assertThat(it.getMetrics().getFirst().getValue()).isZero();
            })
        .hasEntrySatisfying("a@step1|sum|0|float32", it -> assertThat(it.getDocuments()).isZero());
    assertThat(mesh.requests())
        .singleElement()
        .satisfies(it -> assertThat(units(it)).extracting("task").containsExactly("sum"));
    assertThat(mesh.leaderboards().get("sum|acc|0|float32").getTotal()).isZero();
  }

  @Test
  void aRunOfWhichNoScoreStandsAnyMoreHasNoTrajectoryAndNoFindings() {
    mesh.publish(task("sum", 10, 10), task("recall", 10, 10), checkpoint("a", 1));
    mesh.put(mesh.sweep("s", "a", "sum", "recall"));
    mesh.tick();
    EvaluationRequested request = mesh.requests().getFirst();
    mesh.answer(request, 1, "old");
    mesh.pass(Duration.ofSeconds(5));
    assertThat(mesh.trajectories().get("a|sum|acc|0|float32")).isNotNull();
    assertThat(mesh.findings().get("acquisition|a|sum|acc|0|float32")).isNotNull();

    mesh.put(mesh.score(units(request).getFirst(), request.getRequest(), 0, "new"));
    mesh.pass(Duration.ofSeconds(5));

    assertThat(mesh.trajectories()).containsEntry("a|sum|acc|0|float32", null);
    assertThat(mesh.findings()).containsEntry("acquisition|a|sum|acc|0|float32", null);
  }

  @Test
  void scoresOfAnOlderVersionAreTakenBackWhenTheirWeightsAreReplaced() {
    mesh.scoreOneCheckpoint("s");
    mesh.put(task("sum", "v2", 10, 5, Mesh.START.plusSeconds(1)));
    mesh.put(CheckpointPublished.newBuilder(checkpoint("a", 1)).setContentHash("new").build());
    mesh.tick();

    assertThat(mesh.scorecards().get("a@step1|sum|0|float32").getDocuments()).isZero();
    assertThat(mesh.leaderboards().get("sum|acc|0|float32").getTotal()).isZero();
  }
}
