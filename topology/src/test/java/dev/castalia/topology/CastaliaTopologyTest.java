package dev.castalia.topology;

import static dev.castalia.topology.Mesh.checkpoint;
import static dev.castalia.topology.Mesh.settings;
import static dev.castalia.topology.Mesh.task;
import static dev.castalia.topology.Mesh.units;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.castalia.events.Aggregation;
import dev.castalia.events.BoardEntry;
import dev.castalia.events.CheckpointPublished;
import dev.castalia.events.Direction;
import dev.castalia.events.EvaluationFailed;
import dev.castalia.events.EvaluationRequested;
import dev.castalia.events.FailureKind;
import dev.castalia.events.Leaderboard;
import dev.castalia.events.MetricScore;
import dev.castalia.events.MetricSpec;
import dev.castalia.events.MetricValues;
import dev.castalia.events.Scorecard;
import dev.castalia.events.SliceScored;
import dev.castalia.events.SweepProgress;
import dev.castalia.events.SweepRequested;
import dev.castalia.events.SweepTask;
import dev.castalia.events.TaskRegistered;
import dev.castalia.events.TrajectoryPoint;
import dev.castalia.events.UnitId;
import dev.castalia.schemas.Topic;
import dev.castalia.topology.ledger.Pools;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CastaliaTopologyTest {

  private Mesh mesh = new Mesh();

  @AfterEach
  void close() {
    mesh.close();
  }

  @Test
  void aSweepAsksForEveryMatchingCheckpointOnEveryTask() {
    publish(task("sum", 10, 10), task("recall", 10, 4));
    publish(checkpoint("a", 1), checkpoint("a", 2), checkpoint("other", 1));
    mesh.put(mesh.sweep("s", "a", "sum", "recall"));
    mesh.tick();

    List<EvaluationRequested> requests = mesh.requests();

    assertThat(requests).hasSize(2);
    assertThat(requests)
        .extracting(it -> it.getCheckpoint().getRevision())
        .containsExactlyInAnyOrder("step1", "step2");
    assertThat(units(requests.getFirst()))
        .extracting(it -> it.getTask() + " " + it.getStart() + "-" + it.getEnd())
        .containsExactly("recall 0-4", "recall 4-8", "recall 8-10", "sum 0-10");
  }

  @Test
  void theOrderInWhichSweepTaskAndCheckpointArriveDoesNotMatter() {
    SpecificRecord task = task("sum", 10, 5);
    SpecificRecord checkpoint = checkpoint("a", 1);
    SpecificRecord sweep = mesh.sweep("s", "a", "sum");
    for (List<SpecificRecord> order :
        List.of(
            List.of(task, checkpoint, sweep),
            List.of(sweep, checkpoint, task),
            List.of(sweep, task, checkpoint),
            List.of(checkpoint, sweep, task))) {
      try (Mesh fresh = new Mesh()) {
        for (SpecificRecord event : order) {
          fresh.put(event);
          fresh.tick();
        }

        assertThat(fresh.requests()).hasSize(1);
        assertThat(fresh.progress().get("s"))
            .extracting(SweepProgress::getPlanned, SweepProgress::getPlanning)
            .containsExactly(2, false);
      }
    }
  }

  @Test
  void aOnceSweepLeavesOutWhatIsPublishedAfterItAndAStandingOneTakesIt() {
    mesh.put(task("sum", 10, 10));
    mesh.put(mesh.sweep("once", "*", "sum"));
    mesh.put(
        SweepRequested.newBuilder(mesh.sweep("standing", "*", "sum"))
            .setStanding(true)
            .setTasks(List.of(new SweepTask("sum", null, null)))
            .build());
    mesh.pass(Duration.ofSeconds(1));
    mesh.put(
        dev.castalia.events.CheckpointPublished.newBuilder(checkpoint("a", 1))
            .setPublishedAt(Mesh.START.plusSeconds(1))
            .build());
    mesh.tick();

    assertThat(mesh.requests())
        .singleElement()
        .extracting(EvaluationRequested::getSweep)
        .isEqualTo("standing");
    assertThat(mesh.progress().get("once").getPlanned()).isZero();
  }

  @Test
  void theSameSweepAgainAsksForNothingAndIsDoneAtOnce() {
    scoreOneCheckpoint("first");
    mesh.put(mesh.sweep("second", "a", "sum"));
    mesh.tick();

    assertThat(mesh.requests()).isEmpty();
    assertThat(mesh.progress().get("second"))
        .extracting(SweepProgress::getPlanned, SweepProgress::getDone, SweepProgress::getPlanning)
        .containsExactly(1, 1, false);
  }

  @Test
  void whatTwoSweepsShareIsAskedForOnceAndCountsForBoth() {
    publish(task("sum", 10, 10), checkpoint("a", 1), checkpoint("b", 1), checkpoint("c", 1));
    mesh.put(mesh.sweep("s", "a,b", "sum"));
    mesh.put(mesh.sweep("t", "b,c", "sum"));
    mesh.tick();

    List<EvaluationRequested> requests = mesh.requests();
    requests.forEach(request -> mesh.answer(request, 1));
    mesh.tick();

    assertThat(requests)
        .extracting(it -> it.getCheckpoint().getModel())
        .containsExactlyInAnyOrder("a", "b", "c");
    assertThat(mesh.progress())
        .hasEntrySatisfying("s", it -> assertThat(it.getDone()).isEqualTo(2))
        .hasEntrySatisfying("t", it -> assertThat(it.getDone()).isEqualTo(2));
  }

  @Test
  void aScorecardGrowsSliceBySliceAndAUnitScoredTwiceCountsOnce() {
    publish(task("sum", 10, 4), checkpoint("a", 1));
    mesh.put(mesh.sweep("s", "a", "sum"));
    mesh.tick();
    EvaluationRequested request = mesh.requests().getFirst();
    var slices = units(request);
    for (int repeat = 0; repeat < 2; repeat++) {
      mesh.put(mesh.score(slices.get(0), request.getRequest(), 1.0, "w"));
      mesh.put(mesh.score(slices.get(2), request.getRequest(), 0.5, "w"));
    }
    mesh.tick();

    Scorecard card = mesh.scorecards().get("a@step1|sum|0|float32");
    assertThat(card.getDocuments()).isEqualTo(6);
    assertThat(card.getOfDocuments()).isEqualTo(10);
    assertThat(card.getMetrics().getFirst().getValue()).isCloseTo(5 / 6.0, within(1e-12));
    // s/√n of five ones and a zero: sqrt(5/36 / 5).
    assertThat(card.getMetrics().getFirst().getStderr())
        .isCloseTo(Math.sqrt(1 / 36.0), within(1e-12));
    assertThat(mesh.progress().get("s").getDone()).isEqualTo(2);
  }

  @Test
  void theScoresOfATickAreOneScorecard() {
    publish(task("sum", 10, 1), checkpoint("a", 1));
    mesh.put(mesh.sweep("s", "a", "sum"));
    mesh.tick();
    EvaluationRequested request = mesh.requests().getFirst();
    mesh.answer(request, 1);
    assertThat(mesh.scorecards()).isEmpty();
    mesh.tick();

    assertThat(mesh.scorecardsSent())
        .singleElement()
        .satisfies(it -> assertThat(it.getDocuments()).isEqualTo(10));
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aModelThatTakesLongerToLoadThanABundleIsToTakeIsAskedForUnitByUnit() {
    publish(
        task("sum", 10, 5),
        CheckpointPublished.newBuilder(checkpoint("large", 1))
            .setParameters(20_000_000_000L)
            .build());
    mesh.put(mesh.sweep("s", "large", "sum"));
    mesh.tick();

    assertThat(mesh.requests()).hasSize(2).allSatisfy(it -> assertThat(units(it)).hasSize(1));
  }

  @Test
  void onlyAWindowOfBundlesIsOutstandingAndAnswersMakeRoom() {
    mesh.close();
    mesh = new Mesh(settings(2));
    mesh.put(task("sum", 10, 10));
    for (int step = 0; step < 5; step++) {
      mesh.put(checkpoint("a", step));
    }
    mesh.put(mesh.sweep("s", "a", "sum"));
    mesh.pass(Duration.ofSeconds(5));
    List<EvaluationRequested> first = mesh.requests();
    mesh.answer(first.getFirst(), 1);
    mesh.tick();

    assertThat(first).hasSize(2);
    assertThat(mesh.requests()).hasSize(1);
  }

  @Test
  void sweepsOfOnePriorityTakeTurnsAndAHigherOneGoesFirst() {
    mesh.close();
    mesh = new Mesh(settings(1));
    mesh.put(task("sum", 10, 10));
    for (String model : List.of("a", "b", "c")) {
      mesh.put(checkpoint(model, 1));
      mesh.put(checkpoint(model, 2));
    }
    mesh.put(mesh.sweep("a", "a", "sum"));
    mesh.put(mesh.sweep("b", "b", "sum"));
    mesh.put(SweepRequested.newBuilder(mesh.sweep("c", "c", "sum")).setPriority(1).build());

    assertThat(answerAll())
        .extracting(EvaluationRequested::getSweep)
        .containsExactly("c", "c", "a", "b", "a", "b");
  }

  @Test
  void cancellingDropsWhatWasNotIssuedAndTakesWhatStillComes() {
    mesh.close();
    mesh = new Mesh(settings(1));
    publish(task("sum", 10, 10), checkpoint("a", 1), checkpoint("a", 2));
    mesh.put(mesh.sweep("s", "a", "sum"));
    mesh.tick();
    mesh.cancel("s");
    List<EvaluationRequested> issued = answerAll();

    assertThat(issued).hasSize(1);
    SweepProgress progress = mesh.progress().get("s");
    assertThat(progress.getCancelled()).isTrue();
    assertThat(progress.getDone()).isEqualTo(1);
    assertThat(progress.getPlanned()).isEqualTo(2);
  }

  @Test
  void whatACancelledSweepLeftIsScoredForAnotherThatWantsIt() {
    publish(task("sum", 10, 10), checkpoint("a", 1));
    mesh.put(mesh.sweep("s", "a", "sum"));
    mesh.cancel("s");
    mesh.put(mesh.sweep("t", "a", "sum"));
    mesh.tick();

    assertThat(mesh.requests()).singleElement().extracting("sweep").isEqualTo("t");
  }

  @Test
  void aRequestThatIsThoughtToTakeLongerThanAnyTimeIsNotLate() {
    mesh.close();
    mesh = new Mesh(settings(8, Pools.one(1e-15)));
    publish(task("sum", 10, 10), checkpoint("a", 1));
    mesh.put(mesh.sweep("s", "a", "sum"));
    mesh.tick();
    mesh.tick();

    assertThat(mesh.requests())
        .singleElement()
        .satisfies(it -> assertThat(it.getDeadline()).isAfter(it.getIssuedAt()));
  }

  @Test
  void aRequestThatIsNotAnsweredAsOthersAreIsIssuedAgainForTwiceAsLongUntilTheBoundAndThenFails() {
    publish(
        task("sum", 10, 10),
        checkpoint("a", 1),
        checkpoint("b", 1),
        checkpoint("b", 2),
        checkpoint("b", 3));
    mesh.put(mesh.sweep("s", "a,b", "sum"));
    List<EvaluationRequested> unanswered = new ArrayList<>();
    for (int round = 1; round <= 3; round++) {
      mesh.tick();
      for (EvaluationRequested request : mesh.requests()) {
        if (request.getCheckpoint().getModel().equals("a")) {
          unanswered.add(request);
        } else if (request.getCheckpoint().getStep() == round) {
          mesh.answer(request, 1);
        }
      }
      mesh.pass(Duration.ofMinutes(1L << round));
    }

    assertThat(unanswered)
        .extracting(
            EvaluationRequested::getAttempt,
            it -> Duration.between(it.getIssuedAt(), it.getDeadline()).toMinutes())
        .containsExactly(tuple(1, 2L), tuple(2, 4L), tuple(3, 8L));
    assertThat(mesh.failures())
        .singleElement()
        .extracting(TestRecord::value)
        .extracting(EvaluationFailed::getKind, EvaluationFailed::getAttempts)
        .containsExactly(FailureKind.EXHAUSTED, 3);
    assertThat(mesh.progress().get("s").getFailed()).isEqualTo(1);
  }

  @Test
  void unitsWaitForScorersThatAreAwayHoweverLong() {
    publish(task("sum", 10, 10), checkpoint("a", 1));
    mesh.put(mesh.sweep("s", "a", "sum"));
    mesh.pass(Duration.ofMinutes(9));

    assertThat(mesh.requests())
        .hasSizeGreaterThan(3)
        .extracting(EvaluationRequested::getAttempt)
        .containsOnly(1);
    assertThat(mesh.failures()).isEmpty();
    assertThat(mesh.progress().get("s").getFailed()).isZero();
  }

  @Test
  void aScorerThatIsBackAndGivesUpALateRequestIsHeard() {
    publish(task("sum", 10, 10), checkpoint("a", 1));
    mesh.put(mesh.sweep("s", "a", "sum"));
    mesh.pass(Duration.ofMinutes(3));
    mesh.fail(mesh.requests().getFirst(), FailureKind.PASSING);
    mesh.pass(Duration.ofMinutes(2));

    assertThat(mesh.requests())
        .singleElement()
        .extracting(EvaluationRequested::getAttempt)
        .isEqualTo(2);
  }

  @Test
  void aUnitThatFailedInPassingRestsLongerEachTime() {
    publish(task("sum", 10, 10), checkpoint("a", 1));
    mesh.put(mesh.sweep("s", "a", "sum"));
    mesh.tick();
    mesh.fail(mesh.requests().getFirst(), FailureKind.PASSING);
    mesh.pass(Mesh.RETRY_PAUSE.dividedBy(2));
    assertThat(mesh.requests()).isEmpty();
    mesh.pass(Mesh.RETRY_PAUSE.multipliedBy(2));
    mesh.fail(mesh.requests().getFirst(), FailureKind.PASSING);
    mesh.pass(Mesh.RETRY_PAUSE);
    assertThat(mesh.requests()).isEmpty();
    mesh.pass(Mesh.RETRY_PAUSE.multipliedBy(4));
    assertThat(mesh.requests()).hasSize(1);
  }

  @Test
  void unitsOfTheSameRowThatNeverFailedDoNotWaitForThoseThatRest() {
    mesh.close();
    mesh = new Mesh(settings(1));
    publish(task("sum", 100, 1), checkpoint("a", 1));
    mesh.put(mesh.sweep("s", "a", "sum"));
    mesh.tick();
    EvaluationRequested first = mesh.requests().getFirst();
    mesh.fail(first, FailureKind.PASSING);
    mesh.pass(Mesh.RETRY_PAUSE.dividedBy(2));

    assertThat(mesh.requests())
        .singleElement()
        .satisfies(
            it -> assertThat(units(it)).hasSize(36).doesNotContainAnyElementsOf(units(first)));
  }

  @Test
  void anotherSweepThatWantsAUnitDoesNotEndItsRest() {
    publish(task("sum", 10, 10), checkpoint("a", 1));
    mesh.put(mesh.sweep("s", "a", "sum"));
    mesh.tick();
    mesh.fail(mesh.requests().getFirst(), FailureKind.PASSING);
    mesh.put(mesh.sweep("t", "a", "sum"));
    mesh.pass(Mesh.RETRY_PAUSE.dividedBy(2));
    assertThat(mesh.requests()).isEmpty();
    mesh.pass(Mesh.RETRY_PAUSE.multipliedBy(2));

    assertThat(mesh.requests()).hasSize(1);
  }

  @Test
  void theUnitThatTakesItsScorerDownIsSoonAloneAndItsNeighboursAreScored() {
    publish(task("sum", 400, 10), checkpoint("a", 1));
    mesh.put(mesh.sweep("s", "a", "sum"));
    List<Integer> company = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      mesh.tick();
      for (EvaluationRequested request : mesh.requests()) {
        List<UnitId> units = Mesh.units(request);
        company.add(units.size());
        // Scored one after another, until the one at document 200.
        for (UnitId unit : units) {
          if (unit.getStart() == 200) {
            mesh.fail(request, FailureKind.PASSING);
            break;
          }
          mesh.put(mesh.score(unit, request.getRequest(), 1, "weights"));
        }
      }
    }

    assertThat(company).startsWith(40, 8).endsWith(1);
    assertThat(mesh.progress().get("s"))
        .extracting(SweepProgress::getDone, SweepProgress::getFailed)
        .containsExactly(39, 1);
    assertThat(mesh.failures())
        .map(TestRecord::value)
        .filteredOn(it -> it != null && it.getKind() == FailureKind.EXHAUSTED)
        .singleElement()
        .satisfies(it -> assertThat(it.getReason()).endsWith("after 3 attempts"));
  }

  @Test
  void aPermanentFailureIsNotTriedAgain() {
    publish(task("sum", 10, 10), checkpoint("a", 1));
    mesh.put(mesh.sweep("s", "a", "sum"));
    mesh.tick();
    mesh.fail(mesh.requests().getFirst(), FailureKind.PERMANENT);
    mesh.pass(Duration.ofMinutes(10));

    assertThat(mesh.requests()).isEmpty();
    assertThat(mesh.progress().get("s").getFailed()).isEqualTo(1);
  }

  /** As it is when somebody has put it away. */
  @Test
  void aFailureThatIsWrittenAgainAsItWasChangesNothing() {
    publish(task("sum", 10, 10), checkpoint("a", 1));
    mesh.put(mesh.sweep("s", "a", "sum"));
    mesh.tick();
    EvaluationRequested request = mesh.requests().getFirst();
    mesh.fail(request, FailureKind.PERMANENT);
    mesh.tick();
    assertThat(mesh.progress().get("s").getFailed()).isEqualTo(1);

    mesh.fail(request, FailureKind.PERMANENT);
    mesh.pass(Duration.ofMinutes(10));

    assertThat(mesh.requests()).isEmpty();
    assertThat(mesh.failures()).isEmpty();
    assertThat(mesh.progress()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"PASSING", "REFUSED"})
  void whatALateRequestMetDoesNotHideThatTheUnitWasGivenUp(FailureKind kind) {
    publish(task("sum", 10, 10), checkpoint("a", 1));
    mesh.put(mesh.sweep("s", "a", "sum"));
    mesh.tick();
    EvaluationRequested request = mesh.requests().getFirst();
    mesh.fail(request, FailureKind.PERMANENT);
    mesh.fail(request, kind);
    mesh.tick();

    assertThat(mesh.failures())
        .singleElement()
        .extracting(it -> it.value().getKind())
        .isEqualTo(FailureKind.EXHAUSTED);
  }

  @Test
  void aFailureOfTheCurrentRequestCountsThoughAnotherSweepAskedAfterIt() {
    publish(task("sum", 10, 10), checkpoint("a", 1));
    mesh.put(mesh.sweep("s", "a", "sum"));
    mesh.tick();
    EvaluationRequested request = mesh.requests().getFirst();
    mesh.put(
        SweepRequested.newBuilder(mesh.sweep("t", "a", "sum"))
            .setRequestedAt(Mesh.START.plusSeconds(5))
            .build());
    mesh.tick();
    mesh.fail(request, FailureKind.PERMANENT);
    mesh.tick();

    assertThat(mesh.progress().get("t").getFailed()).isEqualTo(1);
  }

  @Test
  void aFailureThatDoesNotCountIsForgottenOnceItsUnitIsScored() {
    publish(task("sum", 10, 10), checkpoint("a", 1));
    mesh.put(mesh.sweep("s", "a", "sum"));
    mesh.tick();
    EvaluationRequested request = mesh.requests().getFirst();
    mesh.put(
        SweepRequested.newBuilder(mesh.sweep("t", "a", "sum"))
            .setRequestedAt(Mesh.START.plusSeconds(5))
            .build());
    mesh.tick();
    mesh.fail(units(request).getFirst(), "of another time", FailureKind.PERMANENT);
    mesh.answer(request, 1);
    mesh.tick();

    assertThat(mesh.progress().get("t").getFailed()).isZero();
    assertThat(mesh.failures()).last().extracting(TestRecord::value).isNull();
  }

  @Test
  void aPassingFailureIsTriedAgainAndForgottenOnceScored() {
    publish(task("sum", 10, 10), checkpoint("a", 1));
    mesh.put(mesh.sweep("s", "a", "sum"));
    mesh.tick();
    mesh.fail(mesh.requests().getFirst(), FailureKind.PASSING);
    mesh.tick();
    EvaluationRequested again = mesh.requests().getFirst();
    mesh.answer(again, 1);
    mesh.tick();

    assertThat(again.getAttempt()).isEqualTo(2);
    assertThat(mesh.progress().get("s"))
        .extracting(SweepProgress::getDone, SweepProgress::getFailed)
        .containsExactly(1, 0);
    assertThat(mesh.failures())
        .last()
        .satisfies(it -> assertThat(it.value()).as("a tombstone").isNull());
  }

  @Test
  void aRefusalIsNoAttemptAndLeavesTheUnitToAnotherScorer() {
    publish(task("sum", 10, 10), checkpoint("a", 1));
    mesh.put(mesh.sweep("s", "a", "sum"));
    mesh.tick();
    for (int i = 0; i < 20; i++) {
      mesh.fail(mesh.requests().getFirst(), FailureKind.REFUSED);
      mesh.tick();
    }
    EvaluationRequested last = mesh.requests().getFirst();
    mesh.answer(last, 1);
    mesh.tick();

    assertThat(last.getAttempt()).isEqualTo(1);
    assertThat(mesh.progress().get("s"))
        .extracting(SweepProgress::getDone, SweepProgress::getFailed)
        .containsExactly(1, 0);
    assertThat(mesh.failures()).last().extracting(TestRecord::value).isNull();
  }

  @Test
  void whatNobodyTakesButToRefuseItFailsAfterAWhile() {
    publish(task("sum", 10, 10), checkpoint("a", 1));
    mesh.put(mesh.sweep("s", "a", "sum"));
    mesh.tick();
    mesh.fail(mesh.requests().getFirst(), FailureKind.REFUSED);
    mesh.pass(Duration.ofSeconds(70));
    mesh.fail(mesh.requests().getFirst(), FailureKind.REFUSED);
    mesh.pass(Duration.ofSeconds(60));
    assertThat(mesh.progress().get("s").getFailed()).isZero();
    mesh.fail(mesh.requests().getFirst(), FailureKind.REFUSED);
    mesh.tick();

    assertThat(mesh.progress().get("s").getFailed()).isEqualTo(1);
    assertThat(mesh.failures())
        .last()
        .extracting(it -> it.value().getReason())
        .isEqualTo("broken; in 130 s no scorer with the right files took it");
    assertThat(mesh.requests()).isEmpty();
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
    publish(task("sum", 10, 5), checkpoint("a", 1));
    mesh.put(mesh.sweep("s", "a", "sum"));
    mesh.tick();
    EvaluationRequested request = mesh.requests().getFirst();
    List<UnitId> units = units(request);
    mesh.put(mesh.score(units.getFirst(), request.getRequest(), 0.5, "one"));
    mesh.put(mesh.score(units.getLast(), request.getRequest(), 0.5, "other"));
    mesh.tick();
  }

  @Test
  void howLongAUnitMayBeRefusedCountsFromTheFirstRefusalAndNotFromOtherFailures() {
    mesh.close();
    // So slow that a request may go unanswered for longer than that.
    mesh = new Mesh(settings(8, Pools.one(1e3)));
    publish(task("sum", 10, 10), checkpoint("a", 1));
    mesh.put(mesh.sweep("s", "a", "sum"));
    mesh.tick();
    mesh.fail(mesh.requests().getFirst(), FailureKind.PASSING);
    mesh.pass(Duration.ofSeconds(125));
    mesh.fail(mesh.requests().getFirst(), FailureKind.REFUSED);
    mesh.tick();

    assertThat(mesh.requests()).hasSize(1);
    assertThat(mesh.progress().get("s").getFailed()).isZero();
  }

  @Test
  void anotherAnswerBetweenRefusalsGivesTheUnitItsTimeAgain() {
    publish(task("sum", 10, 10), checkpoint("a", 1));
    mesh.put(mesh.sweep("s", "a", "sum"));
    mesh.tick();
    mesh.fail(mesh.requests().getFirst(), FailureKind.REFUSED);
    mesh.pass(Duration.ofSeconds(70));
    mesh.fail(mesh.requests().getFirst(), FailureKind.PASSING);
    mesh.pass(Duration.ofSeconds(60));
    mesh.fail(mesh.requests().getFirst(), FailureKind.REFUSED);
    mesh.tick();

    assertThat(mesh.requests()).hasSize(1);
    assertThat(mesh.progress().get("s").getFailed()).isZero();
  }

  @Test
  void aCheckpointPublishedAnewGivesARefusedUnitThatWaitsItsTimeAgain() {
    mesh.close();
    mesh = new Mesh(settings(1));
    publish(task("sum", 10, 10), checkpoint("a", 1), checkpoint("b", 1));
    mesh.put(mesh.sweep("first", "a", "sum"));
    mesh.put(mesh.sweep("second", "b", "sum"));
    mesh.tick();
    mesh.fail(mesh.requests().getFirst(), FailureKind.REFUSED);
    mesh.tick();
    EvaluationRequested ofAnother = mesh.requests().getFirst();
    assertThat(ofAnother.getSweep()).isEqualTo("second");
    mesh.pass(Duration.ofSeconds(110));
    mesh.put(CheckpointPublished.newBuilder(checkpoint("a", 1)).setLocation("/mended").build());
    mesh.answer(ofAnother, 0.5);
    mesh.pass(Duration.ofSeconds(20));
    mesh.fail(mesh.requests().getFirst(), FailureKind.REFUSED);
    mesh.tick();

    assertThat(mesh.requests()).hasSize(1);
    assertThat(mesh.progress().get("first").getFailed()).isZero();
  }

  @Test
  void aRefusedUnitThatIsWantedAnewHasItsTimeAgain() {
    publish(task("sum", 10, 10), checkpoint("a", 1));
    mesh.put(mesh.sweep("s", "a", "sum"));
    mesh.tick();
    mesh.fail(mesh.requests().getFirst(), FailureKind.REFUSED);
    mesh.cancel("s");
    mesh.pass(Duration.ofSeconds(130));
    mesh.put(mesh.sweep("again", "a", "sum"));
    mesh.tick();
    mesh.fail(mesh.requests().getFirst(), FailureKind.REFUSED);
    mesh.tick();

    assertThat(mesh.requests()).hasSize(1);
    assertThat(mesh.progress().get("again").getFailed()).isZero();
  }

  @Test
  void aCheckpointPublishedAnewWithOtherFilesIsTriedAgainByItself() {
    publish(task("sum", 10, 10), checkpoint("a", 1));
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
    publish(task("sum", 10, 5), checkpoint("a", 1));
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
  void whatWasAskedForBeforeACheckpointWasMendedIsAskedForAnewAndCannotFailItAnyMore() {
    publish(task("sum", 10, 10), checkpoint("a", 1));
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
    publish(task("sum", 10, 10), checkpoint("a", 1));
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
  void whatAnEarlierRequestMetDoesNotFailAUnitThatWasOpenedAgain() {
    mesh.close();
    mesh = new Mesh(settings(1));
    publish(task("sum", 10, 10), checkpoint("a", 1), checkpoint("b", 1));
    mesh.put(mesh.sweep("s", "a", "sum"));
    mesh.tick();
    EvaluationRequested request = mesh.requests().getFirst();
    mesh.fail(request, FailureKind.PERMANENT);
    mesh.put(mesh.sweep("t", "b", "sum"));
    mesh.tick();
    mesh.retry(units(request).getFirst());
    mesh.fail(request, FailureKind.PERMANENT);
    mesh.tick();

    assertThat(mesh.requests())
        .singleElement()
        .extracting(EvaluationRequested::getSweep)
        .isEqualTo("t");
    assertThat(mesh.progress().get("s").getFailed()).isZero();
  }

  @Test
  void whatAnEarlierRequestMetDoesNotFailAUnitWhoseScoreWasOfOtherWeights() {
    mesh.close();
    mesh = new Mesh(settings(1));
    publish(task("sum", 10, 10), checkpoint("a", 1), checkpoint("b", 1));
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
  void aRetryOpensAFailedUnitAgainAndLeavesItsNeighboursAlone() {
    publish(task("sum", 10, 5), checkpoint("a", 1));
    mesh.put(mesh.sweep("s", "a", "sum"));
    mesh.tick();
    EvaluationRequested request = mesh.requests().getFirst();
    mesh.fail(request, FailureKind.PERMANENT);
    mesh.tick();
    assertThat(mesh.progress().get("s").getFailed()).isEqualTo(2);
    mesh.pass(Duration.ofSeconds(1));
    mesh.retry(units(request).getFirst());
    mesh.tick();

    List<EvaluationRequested> again = mesh.requests();

    assertThat(again).hasSize(1);
    assertThat(units(again.getFirst())).containsExactly(units(request).getFirst());
    assertThat(mesh.progress().get("s").getFailed()).isEqualTo(1);
  }

  @Test
  void aRetryOfWhatHasNotFailedChangesNothing() {
    EvaluationRequested request = scoreOneCheckpoint("s");
    mesh.retry(units(request).getFirst());
    mesh.retry(UnitId.newBuilder(units(request).getFirst()).setCheckpoint("nobody@step1").build());
    mesh.tick();

    assertThat(mesh.requests()).isEmpty();
    assertThat(mesh.progress()).isEmpty();
  }

  @Test
  void aTaskNobodyRegisteredIsAFailureOfTheSweepUntilSomebodyDoes() {
    publish(task("sum", 10, 10), checkpoint("a", 1));
    mesh.put(mesh.sweep("s", "a", "sum", "absent"));
    mesh.pass(Duration.ofSeconds(14));
    assertThat(mesh.failures()).isEmpty();
    mesh.pass(Duration.ofSeconds(2));

    assertThat(mesh.failures())
        .singleElement()
        .satisfies(
            failure -> {
              assertThat(failure.key()).isEqualTo("s|absent");
              assertThat(failure.value().getSweep()).isEqualTo("s");
              assertThat(failure.value().getReason())
                  .isEqualTo("sweep s wants task absent in version v1, which is not registered");
            });
    assertThat(mesh.requests()).hasSize(1);
    mesh.put(task("absent", 10, 10));
    mesh.tick();
    assertThat(mesh.failures()).singleElement().extracting(TestRecord::value).isNull();
    assertThat(mesh.requests()).hasSize(1);
  }

  @Test
  void aMissingTaskIsNoFailureOfASweepThatWasSentAgainWithoutIt() {
    publish(task("sum", 10, 10), checkpoint("a", 1));
    mesh.put(mesh.sweep("early", "a", "sum", "absent"));
    mesh.put(mesh.sweep("late", "a", "sum", "absent"));
    mesh.put(mesh.sweep("early", "a", "sum"));
    mesh.pass(Duration.ofSeconds(16));
    assertThat(mesh.failures()).extracting(TestRecord::key).containsExactly("late|absent");
    mesh.put(mesh.sweep("late", "a", "sum"));
    mesh.tick();

    assertThat(mesh.failures()).singleElement().extracting(TestRecord::value).isNull();
  }

  @Test
  void theMissingTaskOfACancelledSweepIsNoFailure() {
    mesh.put(mesh.sweep("early", "a", "absent"));
    mesh.put(mesh.sweep("late", "a", "absent"));
    mesh.cancel("early");
    mesh.pass(Duration.ofSeconds(16));
    assertThat(mesh.failures()).extracting(TestRecord::key).containsExactly("late|absent");
    mesh.cancel("late");
    mesh.tick();

    assertThat(mesh.failures()).singleElement().extracting(TestRecord::value).isNull();
  }

  @Test
  void aLateScoreOfWeightsThatWereReplacedIsRefusedAndTheUnitAskedForAgain() {
    publish(task("sum", 10, 10), checkpoint("a", 1));
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
    publish(
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
    publish(task("sum", 40, 10), checkpoint("a", 1));
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
    publish(task("sum", 10, 10), checkpoint("a", 1));
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
  void aNewSweepOpensAFailureAgain() {
    publish(task("sum", 10, 10), checkpoint("a", 1));
    mesh.put(mesh.sweep("s", "a", "sum"));
    mesh.tick();
    mesh.fail(mesh.requests().getFirst(), FailureKind.PERMANENT);
    mesh.pass(Duration.ofSeconds(1));
    mesh.put(mesh.sweep("t", "a", "sum"));
    mesh.tick();

    assertThat(mesh.requests()).hasSize(1);
    assertThat(mesh.progress().get("s").getFailed()).isZero();
  }

  @Test
  void scoresOfOtherWeightsReplaceAllThatTheOldOnesScored() {
    publish(task("sum", 10, 10), task("recall", 10, 10), checkpoint("a", 1));
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
    publish(task("sum", 10, 10), task("recall", 10, 10), checkpoint("a", 1));
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
  void aMetricThatATaskHasNoMoreHasNoTrajectory() {
    scoreOneCheckpoint("s");
    assertThat(mesh.trajectories().get("a|sum|acc|0|float32")).isNotNull();
    mesh.put(
        TaskRegistered.newBuilder(task("sum", "v2", 10, 10, Mesh.START.plusSeconds(1)))
            .setMetrics(
                List.of(new MetricSpec("em", Aggregation.MEAN, Direction.HIGHER, null, null)))
            .build());
    mesh.put(
        SweepRequested.newBuilder(mesh.sweep("t", "a", "sum"))
            .setTasks(List.of(new SweepTask("sum", "v2", null)))
            .build());
    mesh.tick();
    mesh.answer(mesh.requests().getFirst(), 0.5);
    mesh.pass(Duration.ofSeconds(1));

    assertThat(mesh.trajectories())
        .containsEntry("a|sum|acc|0|float32", null)
        .hasEntrySatisfying(
            "a|sum|em|0|float32", it -> assertThat(it.getVersion()).isEqualTo("v2"));
  }

  /** Expected values are scikit-learn's of all seven documents. */
  @Test
  void metricsOfManyClassesAreThoseOfAllSlicesTogether() {
    TaskRegistered task =
        TaskRegistered.newBuilder(task("kinds", 7, 4))
            .setMetrics(
                List.of(
                    new MetricSpec("f1", Aggregation.MACRO_F1, Direction.HIGHER, null, null),
                    new MetricSpec(
                        "mcc", Aggregation.MATTHEWS_CORRELATION, Direction.HIGHER, null, null)))
            .build();
    publish(task, checkpoint("a", 1));
    mesh.put(mesh.sweep("s", "a", "kinds"));
    mesh.tick();
    EvaluationRequested request = mesh.requests().getFirst();
    List<UnitId> units = units(request);
    putClasses(request, units.get(0), List.of(0.0, 1.0, 2.0, 0.0), List.of(0.0, 1.0, 2.0, 3.0));
    putClasses(request, units.get(1), List.of(1.0, 2.0, 0.0), List.of(2.0, 1.0, 0.0));
    mesh.tick();

    assertThat(mesh.scorecards().get("a@step1|kinds|0|float32").getMetrics())
        .allSatisfy(it -> assertThat(it.getStderr()).isPositive())
        .extracting(MetricScore::getValue)
        .satisfiesExactly(
            f1 -> assertThat(f1).isCloseTo(0.45, within(1e-12)),
            mcc -> assertThat(mcc).isCloseTo(0.41247895569215276, within(1e-12)));
  }

  private void putClasses(
      EvaluationRequested request, UnitId unit, List<Double> chosen, List<Double> right) {
    mesh.put(
        SliceScored.newBuilder(mesh.score(unit, request.getRequest(), 1, "weights"))
            .setMetrics(
                List.of(
                    new MetricValues("f1", chosen, right), new MetricValues("mcc", chosen, right)))
            .build());
  }

  @Test
  void aNewVersionOfATaskTakesTheBoardOver() {
    scoreOneCheckpoint("s");
    mesh.pass(Duration.ofSeconds(1));
    mesh.put(task("sum", "v2", 10, 10, Mesh.START.plusSeconds(1)));
    mesh.put(
        SweepRequested.newBuilder(mesh.sweep("t", "a", "sum"))
            .setTasks(List.of(new SweepTask("sum", "v2", null)))
            .build());
    mesh.tick();
    mesh.answer(mesh.requests().getFirst(), 0.5);
    mesh.tick();

    Leaderboard board = mesh.leaderboards().get("sum|acc|0|float32");
    assertThat(board.getVersion()).isEqualTo("v2");
    assertThat(board.getEntries()).singleElement().extracting(BoardEntry::getValue).isEqualTo(0.5);
  }

  @Test
  void aBoardOfAVersionThatIsCurrentAgainCountsTheEntriesThatItHad() {
    publish(task("sum", 10, 10), checkpoint("a", 1), checkpoint("a", 2), checkpoint("b", 1));
    mesh.put(mesh.sweep("s", "*", "sum"));
    answerAll();
    mesh.put(task("sum", "v2", 10, 10, Mesh.START.plusSeconds(1)));
    mesh.put(
        SweepRequested.newBuilder(mesh.sweep("t", "b", "sum"))
            .setTasks(List.of(new SweepTask("sum", "v2", null)))
            .build());
    answerAll();
    assertThat(mesh.leaderboards().get("sum|acc|0|float32").getTotal()).isOne();
    mesh.put(task("sum", "v1", 10, 10, Mesh.START.plusSeconds(2)));
    mesh.tick();

    Leaderboard board = mesh.leaderboards().get("sum|acc|0|float32");
    assertThat(board.getVersion()).isEqualTo("v1");
    assertThat(board.getTotal()).isEqualTo(3);
    assertThat(board.getEntries()).hasSize(3);
  }

  @Test
  void scoresOfAnOlderVersionAreShownUntilANewerOneIsScored() {
    publish(task("sum", 10, 5), checkpoint("a", 1));
    mesh.put(mesh.sweep("pinned", "a", "sum"));
    mesh.tick();
    EvaluationRequested request = mesh.requests().getFirst();
    mesh.put(mesh.score(units(request).getFirst(), request.getRequest(), 1, "weights"));
    mesh.put(task("sum", "v2", 10, 5, Mesh.START.plusSeconds(1)));
    mesh.put(mesh.score(units(request).getLast(), request.getRequest(), 1, "weights"));
    mesh.tick();
    assertThat(mesh.scorecards().get("a@step1|sum|0|float32"))
        .extracting(Scorecard::getVersion, Scorecard::getDocuments)
        .containsExactly("v1", 10);

    UnitId newer = UnitId.newBuilder(units(request).getFirst()).setVersion("v2").build();
    mesh.put(mesh.score(newer, "another", 0, "weights"));
    mesh.tick();
    mesh.put(mesh.score(units(request).getLast(), request.getRequest(), 0, "weights"));
    mesh.tick();

    assertThat(mesh.scorecards().get("a@step1|sum|0|float32"))
        .extracting(Scorecard::getVersion, Scorecard::getDocuments)
        .containsExactly("v2", 5);
  }

  @Test
  void scoresOfAnOlderVersionAreTakenBackWhenTheirWeightsAreReplaced() {
    scoreOneCheckpoint("s");
    mesh.put(task("sum", "v2", 10, 5, Mesh.START.plusSeconds(1)));
    mesh.put(CheckpointPublished.newBuilder(checkpoint("a", 1)).setContentHash("new").build());
    mesh.tick();

    assertThat(mesh.scorecards().get("a@step1|sum|0|float32").getDocuments()).isZero();
    assertThat(mesh.leaderboards().get("sum|acc|0|float32").getTotal()).isZero();
  }

  @Test
  void scoresThatComeBeforeTheirTaskAndCheckpointAreNotLost() {
    mesh.put(task("sum", 10, 10));
    mesh.put(checkpoint("a", 1));
    mesh.put(mesh.sweep("s", "a", "sum"));
    mesh.tick();
    EvaluationRequested request = mesh.requests().getFirst();
    try (Mesh rebuilt = new Mesh()) {
      rebuilt.answer(request, 1);
      rebuilt.put(checkpoint("a", 1));
      rebuilt.put(task("sum", 10, 10));
      rebuilt.put(mesh.sweep("s", "a", "sum"));
      rebuilt.tick();

      assertThat(rebuilt.scorecards()).containsKey("a@step1|sum|0|float32");
      assertThat(rebuilt.requests()).isEmpty();
    }
  }

  @Test
  void aLeaderboardRanksTheBestFirstAndTiesShareARank() {
    mesh.put(task("sum", 10, 10));
    for (String model : List.of("a", "b", "c", "d")) {
      mesh.put(checkpoint(model, 1));
    }
    mesh.put(mesh.sweep("s", "*", "sum"));
    mesh.tick();
    for (EvaluationRequested request : mesh.requests()) {
      String model = request.getCheckpoint().getModel();
      mesh.answer(request, model.equals("a") ? 0.1 : model.equals("d") ? 0.9 : 0.5);
    }
    mesh.tick();

    Leaderboard board = mesh.leaderboards().get("sum|acc|0|float32");
    assertThat(board.getTotal()).isEqualTo(4);
    assertThat(board.getEntries())
        .extracting(it -> it.getRank() + " " + it.getModel())
        .containsExactly("1 d", "2 b", "2 c");
  }

  @Test
  void anEntryBelowTheCutComesUpWhenAnotherDrops() {
    publish(task("sum", 10, 10));
    for (String model : List.of("a", "b", "c", "d")) {
      mesh.put(checkpoint(model, 1));
    }
    mesh.put(mesh.sweep("s", "*", "sum"));
    mesh.tick();
    List<EvaluationRequested> requests = mesh.requests();
    for (EvaluationRequested request : requests) {
      mesh.answer(request, request.getCheckpoint().getModel().equals("d") ? 0.2 : 0.5);
    }
    mesh.tick();
    EvaluationRequested first = requests.getFirst();
    mesh.answer(first, 0);
    mesh.tick();

    assertThat(mesh.leaderboards().get("sum|acc|0|float32").getEntries())
        .extracting(BoardEntry::getModel)
        .contains("d")
        .doesNotContain(first.getCheckpoint().getModel());
  }

  @Test
  void aTrajectoryHoldsTheStepsOfOneRunInOrder() {
    mesh.put(task("sum", 10, 10));
    for (long step : new long[] {1000, 0, 2, 16}) {
      mesh.put(checkpoint("a", step));
    }
    mesh.put(checkpoint("b", 1));
    mesh.put(mesh.sweep("s", "*", "sum"));
    mesh.tick();
    for (EvaluationRequested request : mesh.requests()) {
      mesh.answer(request, 0.5);
    }
    mesh.tick();

    assertThat(mesh.trajectories().get("a|sum|acc|0|float32").getPoints())
        .extracting(TrajectoryPoint::getStep)
        .containsExactly(0L, 2L, 16L, 1000L);
  }

  @Test
  void aSweepIsStillPlanningUntilAsManyCheckpointsArePlannedAsMatched() {
    mesh.put(task("sum", 10, 10));
    mesh.put(checkpoint("a", 1));
    mesh.put(SweepRequested.newBuilder(mesh.sweep("s", "a", "sum")).setCheckpoints(2).build());
    mesh.tick();
    boolean before = mesh.progress().get("s").getPlanning();
    mesh.put(checkpoint("a", 2));
    mesh.tick();

    assertThat(before).isTrue();
    assertThat(mesh.progress().get("s").getPlanning()).isFalse();
  }

  @Test
  void garbageOnAnyInputIsADeadLetterAndAFailureAndTheRestGoesOn() {
    List<Topic> inputs =
        List.of(Topic.SWEEPS, Topic.TASKS, Topic.CHECKPOINTS, Topic.SCORES, Topic.FAILURES);
    for (Topic topic : inputs) {
      mesh.put(topic, "key", new byte[] {99, 1, 2});
    }

    assertThat(mesh.deadLetters())
        .hasSize(inputs.size())
        .allSatisfy(it -> assertThat(it.value()).containsExactly(99, 1, 2))
        .allSatisfy(it -> assertThat(it.headers().lastHeader("castalia.reason")).isNotNull());
    assertThat(mesh.failures())
        .hasSize(inputs.size())
        .allSatisfy(it -> assertThat(it.value().getKind()).isEqualTo(FailureKind.UNREADABLE));
    scoreOneCheckpoint("s");
  }

  @Test
  void aRecordLargerThanAnEventMayBeIsADeadLetter() {
    byte[] large = new byte[Topic.MAX_EVENT_BYTES + 1];
    mesh.put(Topic.CHECKPOINTS, "key", large);

    assertThat(mesh.deadLetters())
        .singleElement()
        .satisfies(it -> assertThat(it.value()).hasSameSizeAs(large));
    assertThat(mesh.failures())
        .singleElement()
        .satisfies(
            it -> assertThat(it.value().getReason()).contains("8388609 bytes").contains("8388608"));
  }

  @Test
  void aRecordUnderAnotherKeyThanItsOwnIsADeadLetter() {
    mesh.put(checkpoint("a", 1));
    assertThat(mesh.deadLetters()).isEmpty();
    Mesh other = mesh;
    other.put(Topic.SWEEPS, "wrong", bytes(mesh.sweep("s", "a", "sum")));

    assertThat(mesh.deadLetters())
        .singleElement()
        .satisfies(
            it ->
                assertThat(new String(it.headers().lastHeader("castalia.reason").value()))
                    .contains("wrong", "\"s\""));
  }

  @Test
  void aScoreWithFewerValuesThanDocumentsIsADeadLetter() {
    publish(task("sum", 10, 10), checkpoint("a", 1));
    mesh.put(mesh.sweep("s", "a", "sum"));
    mesh.tick();
    EvaluationRequested request = mesh.requests().getFirst();
    var unit = units(request).getFirst();
    var score = mesh.score(unit, request.getRequest(), 1, "w");
    var cut = score.getMetrics().getFirst().getValues().subList(0, 9);
    var wrong =
        dev.castalia.events.SliceScored.newBuilder(score)
            .setMetrics(List.of(new dev.castalia.events.MetricValues("acc", cut, List.of())))
            .build();
    mesh.put(Topic.SCORES, dev.castalia.schemas.Keys.of(unit), bytes(wrong));

    assertThat(mesh.deadLetters()).hasSize(1);
  }

  private void publish(SpecificRecord... events) {
    Stream.of(events).forEach(mesh::put);
  }

  private EvaluationRequested scoreOneCheckpoint(String sweep) {
    publish(task("sum", 10, 10), checkpoint("a", 1));
    mesh.put(mesh.sweep(sweep, "a", "sum"));
    mesh.tick();
    List<EvaluationRequested> requests = mesh.requests();
    requests.forEach(request -> mesh.answer(request, 1));
    mesh.tick();
    assertThat(mesh.progress().get(sweep))
        .extracting(SweepProgress::getPlanned, SweepProgress::getDone)
        .containsExactly(1, 1);
    return requests.getFirst();
  }

  /** Answers requests as they come, until there are no more. */
  private List<EvaluationRequested> answerAll() {
    List<EvaluationRequested> all = new ArrayList<>();
    while (true) {
      mesh.tick();
      List<EvaluationRequested> some = mesh.requests();
      if (some.isEmpty()) {
        return all;
      }
      some.forEach(request -> mesh.answer(request, 1));
      all.addAll(some);
    }
  }

  private static byte[] bytes(SpecificRecord event) {
    return Mesh.bytes(event);
  }
}
