package dev.castalia.topology;

import static dev.castalia.topology.Mesh.checkpoint;
import static dev.castalia.topology.Mesh.settings;
import static dev.castalia.topology.Mesh.task;
import static dev.castalia.topology.Mesh.units;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.castalia.events.Aggregation;
import dev.castalia.events.Direction;
import dev.castalia.events.EvaluationRequested;
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
import java.time.Duration;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Sweeps from the order to scorecards, trajectories and progress. */
class CastaliaTopologyTest {

  private Mesh mesh = new Mesh();

  @AfterEach
  void close() {
    mesh.close();
  }

  @Test
  void aSweepAsksForEveryMatchingCheckpointOnEveryTask() {
    mesh.publish(task("sum", 10, 10), task("recall", 10, 4));
    mesh.publish(checkpoint("a", 1), checkpoint("a", 2), checkpoint("other", 1));
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
    mesh.scoreOneCheckpoint("first");
    mesh.put(mesh.sweep("second", "a", "sum"));
    mesh.tick();

    assertThat(mesh.requests()).isEmpty();
    assertThat(mesh.progress().get("second"))
        .extracting(SweepProgress::getPlanned, SweepProgress::getDone, SweepProgress::getPlanning)
        .containsExactly(1, 1, false);
  }

  @Test
  void whatTwoSweepsShareIsAskedForOnceAndCountsForBoth() {
    mesh.publish(task("sum", 10, 10), checkpoint("a", 1), checkpoint("b", 1), checkpoint("c", 1));
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
    mesh.publish(task("sum", 10, 4), checkpoint("a", 1));
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
    mesh.publish(task("sum", 10, 1), checkpoint("a", 1));
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
  void cancellingDropsWhatWasNotIssuedAndTakesWhatStillComes() {
    mesh.close();
    mesh = new Mesh(settings(1));
    mesh.publish(task("sum", 10, 10), checkpoint("a", 1), checkpoint("a", 2));
    mesh.put(mesh.sweep("s", "a", "sum"));
    mesh.tick();
    mesh.cancel("s");
    List<EvaluationRequested> issued = mesh.answerAll();

    assertThat(issued).hasSize(1);
    SweepProgress progress = mesh.progress().get("s");
    assertThat(progress.getCancelled()).isTrue();
    assertThat(progress.getDone()).isEqualTo(1);
    assertThat(progress.getPlanned()).isEqualTo(2);
  }

  @Test
  void whatACancelledSweepLeftIsScoredForAnotherThatWantsIt() {
    mesh.publish(task("sum", 10, 10), checkpoint("a", 1));
    mesh.put(mesh.sweep("s", "a", "sum"));
    mesh.cancel("s");
    mesh.put(mesh.sweep("t", "a", "sum"));
    mesh.tick();

    assertThat(mesh.requests()).singleElement().extracting("sweep").isEqualTo("t");
  }

  @Test
  void aMetricThatATaskHasNoMoreHasNoTrajectory() {
    mesh.scoreOneCheckpoint("s");
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
    mesh.publish(task, checkpoint("a", 1));
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
}
