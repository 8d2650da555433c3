package dev.castalia.topology;

import static dev.castalia.topology.Mesh.checkpoint;
import static dev.castalia.topology.Mesh.settings;
import static dev.castalia.topology.Mesh.task;
import static dev.castalia.topology.Mesh.units;
import static org.assertj.core.api.Assertions.assertThat;

import dev.castalia.events.EvaluationRequested;
import dev.castalia.events.FailureKind;
import dev.castalia.events.SweepProgress;
import dev.castalia.events.SweepRequested;
import dev.castalia.events.UnitId;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What failures do to units and sweeps, and what ends them. */
class FailuresTest {

  private Mesh mesh = new Mesh();

  @AfterEach
  void close() {
    mesh.close();
  }

  @Test
  void aPermanentFailureIsNotTriedAgain() {
    mesh.publish(task("sum", 10, 10), checkpoint("a", 1));
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
    mesh.publish(task("sum", 10, 10), checkpoint("a", 1));
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
    mesh.publish(task("sum", 10, 10), checkpoint("a", 1));
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
    mesh.publish(task("sum", 10, 10), checkpoint("a", 1));
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
    mesh.publish(task("sum", 10, 10), checkpoint("a", 1));
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
    mesh.publish(task("sum", 10, 10), checkpoint("a", 1));
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
  void whatAnEarlierRequestMetDoesNotFailAUnitThatWasOpenedAgain() {
    mesh.close();
    mesh = new Mesh(settings(1));
    mesh.publish(task("sum", 10, 10), checkpoint("a", 1), checkpoint("b", 1));
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
  void aRetryOpensAFailedUnitAgainAndLeavesItsNeighboursAlone() {
    mesh.publish(task("sum", 10, 5), checkpoint("a", 1));
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
    EvaluationRequested request = mesh.scoreOneCheckpoint("s");
    mesh.retry(units(request).getFirst());
    mesh.retry(UnitId.newBuilder(units(request).getFirst()).setCheckpoint("nobody@step1").build());
    mesh.tick();

    assertThat(mesh.requests()).isEmpty();
    assertThat(mesh.progress()).isEmpty();
  }

  @Test
  void aTaskNobodyRegisteredIsAFailureOfTheSweepUntilSomebodyDoes() {
    mesh.publish(task("sum", 10, 10), checkpoint("a", 1));
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
    mesh.publish(task("sum", 10, 10), checkpoint("a", 1));
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
  void aNewSweepOpensAFailureAgain() {
    mesh.publish(task("sum", 10, 10), checkpoint("a", 1));
    mesh.put(mesh.sweep("s", "a", "sum"));
    mesh.tick();
    mesh.fail(mesh.requests().getFirst(), FailureKind.PERMANENT);
    mesh.pass(Duration.ofSeconds(1));
    mesh.put(mesh.sweep("t", "a", "sum"));
    mesh.tick();

    assertThat(mesh.requests()).hasSize(1);
    assertThat(mesh.progress().get("s").getFailed()).isZero();
  }
}
