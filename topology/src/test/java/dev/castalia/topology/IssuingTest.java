package dev.castalia.topology;

import static dev.castalia.topology.Mesh.checkpoint;
import static dev.castalia.topology.Mesh.settings;
import static dev.castalia.topology.Mesh.task;
import static dev.castalia.topology.Mesh.units;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.castalia.events.CheckpointPublished;
import dev.castalia.events.EvaluationFailed;
import dev.castalia.events.EvaluationRequested;
import dev.castalia.events.FailureKind;
import dev.castalia.events.SliceScored;
import dev.castalia.events.SweepProgress;
import dev.castalia.events.SweepRequested;
import dev.castalia.events.UnitId;
import dev.castalia.topology.ledger.Pools;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is asked for and when, and again where no answer comes. */
class IssuingTest {

  private Mesh mesh = new Mesh();

  @AfterEach
  void close() {
    mesh.close();
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aModelThatTakesLongerToLoadThanABundleIsToTakeIsAskedForUnitByUnit() {
    mesh.publish(
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
  void nothingIsAskedForWhileScoresOfBeforeAreReadAgain() {
    mesh.publish(task("sum", 15, 5), checkpoint("a", 1));
    mesh.put(mesh.sweep("s", "a", "sum"));
    scoredBefore(0, 5);
    mesh.pass(Duration.ofSeconds(1));
    scoredBefore(5, 10);
    mesh.pass(Duration.ofSeconds(1));
    assertThat(mesh.requests()).isEmpty();
    mesh.pass(Duration.ofSeconds(2));

    assertThat(mesh.requests())
        .flatExtracting(Mesh::units)
        .extracting(UnitId::getStart)
        .containsExactly(10);
  }

  @Test
  void anAnswerByAClockThatIsBehindDelaysNothing() {
    mesh.close();
    mesh = new Mesh(settings(1));
    mesh.publish(task("sum", 10, 10), checkpoint("a", 1), checkpoint("a", 2));
    mesh.put(mesh.sweep("s", "a", "sum"));
    mesh.tick();
    EvaluationRequested request = mesh.requests().getFirst();
    mesh.put(longAgo(mesh.score(units(request).getFirst(), request.getRequest(), 1, "w")));
    mesh.tick();

    assertThat(mesh.requests()).hasSize(1);
  }

  private void scoredBefore(int start, int end) {
    UnitId unit = new UnitId("a@step1", "sum", "v1", 0, "float32", start, end);
    mesh.put(longAgo(mesh.score(unit, "of another ledger", 1, "w")));
  }

  private static SliceScored longAgo(SliceScored score) {
    return SliceScored.newBuilder(score).setScoredAt(Mesh.START.minus(Duration.ofDays(1))).build();
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

    assertThat(mesh.answerAll())
        .extracting(EvaluationRequested::getSweep)
        .containsExactly("c", "c", "a", "b", "a", "b");
  }

  @Test
  void aRequestThatIsThoughtToTakeLongerThanAnyTimeIsNotLate() {
    mesh.close();
    mesh = new Mesh(settings(8, Pools.one(1e-15)));
    mesh.publish(task("sum", 10, 10), checkpoint("a", 1));
    mesh.put(mesh.sweep("s", "a", "sum"));
    mesh.tick();
    mesh.tick();

    assertThat(mesh.requests())
        .singleElement()
        .satisfies(it -> assertThat(it.getDeadline()).isAfter(it.getIssuedAt()));
  }

  @Test
  void aRequestThatIsNotAnsweredAsOthersAreIsIssuedAgainForTwiceAsLongUntilTheBoundAndThenFails() {
    mesh.publish(
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
    mesh.publish(task("sum", 10, 10), checkpoint("a", 1));
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
    mesh.publish(task("sum", 10, 10), checkpoint("a", 1));
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
  void aFailureThatIsWrittenAgainIsNoSignOfScorers() {
    mesh.publish(task("sum", 10, 10), checkpoint("a", 1), checkpoint("b", 1));
    mesh.put(mesh.sweep("a", "a", "sum"));
    mesh.tick();
    EvaluationRequested failed = mesh.requests().getFirst();
    mesh.fail(failed, FailureKind.PERMANENT);
    mesh.put(mesh.sweep("b", "b", "sum"));
    mesh.tick();
    mesh.requests();
    mesh.fail(failed, FailureKind.PERMANENT);
    mesh.pass(Duration.ofMinutes(3));

    assertThat(mesh.requests())
        .singleElement()
        .extracting(EvaluationRequested::getAttempt)
        .isEqualTo(1);
  }

  @Test
  void aUnitThatFailedInPassingRestsLongerEachTime() {
    mesh.publish(task("sum", 10, 10), checkpoint("a", 1));
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
    mesh.publish(task("sum", 100, 1), checkpoint("a", 1));
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
    mesh.publish(task("sum", 10, 10), checkpoint("a", 1));
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
    mesh.publish(task("sum", 400, 10), checkpoint("a", 1));
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
}
