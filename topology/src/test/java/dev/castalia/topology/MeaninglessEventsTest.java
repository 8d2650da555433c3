package dev.castalia.topology;

import static dev.castalia.topology.Mesh.checkpoint;
import static dev.castalia.topology.Mesh.task;
import static org.assertj.core.api.Assertions.assertThat;

import dev.castalia.events.Aggregation;
import dev.castalia.events.CheckpointPublished;
import dev.castalia.events.Direction;
import dev.castalia.events.EvaluationFailed;
import dev.castalia.events.FailureKind;
import dev.castalia.events.MetricSpec;
import dev.castalia.events.MetricValues;
import dev.castalia.events.RetryRequested;
import dev.castalia.events.ScoreReported;
import dev.castalia.events.SliceScored;
import dev.castalia.events.SweepRequested;
import dev.castalia.events.SweepTask;
import dev.castalia.events.TaskRegistered;
import dev.castalia.events.UnitId;
import dev.castalia.schemas.Keys;
import dev.castalia.schemas.Topic;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Events that their schemas allow and that nothing can be made of. */
class MeaninglessEventsTest {

  private static final SweepRequested STANDING =
      SweepRequested.newBuilder()
          .setSweep("bad")
          .setRequestedBy("test")
          .setRequestedAt(Mesh.START)
          .setModels(List.of("*"))
          .setTasks(List.of(new SweepTask("sum", null, null)))
          .setStanding(true)
          .build();

  private final AtomicInteger putAside = new AtomicInteger();
  private final Mesh mesh =
      new Mesh(
          Mesh.settings(8),
          new TopologyMonitor() {
            @Override
            public void putAside() {
              putAside.incrementAndGet();
            }
          });

  @AfterEach
  void close() {
    mesh.close();
  }

  @ParameterizedTest
  @MethodSource({"tasks", "checkpoints", "sweeps", "units", "reports"})
  void eachIsADeadLetterThatSaysWhyAndIsCountedAndTheRestGoesOn(
      Topic topic, String key, SpecificRecord event, String reason) {
    mesh.put(topic, key, Mesh.bytes(event));

    assertThat(mesh.deadLetters()).hasSize(1);
    assertThat(mesh.failures().getFirst().value().getReason()).contains(reason);
    mesh.put(task("sum", 10, 10));
    mesh.put(checkpoint("a", 1));
    mesh.put(mesh.sweep("s", "a", "sum"));
    mesh.tick();
    mesh.answer(mesh.requests().getFirst(), 0.5);
    mesh.tick();
    assertThat(mesh.scorecards()).containsOnlyKeys("a@step1|sum|0|float32");
    assertThat(putAside).hasValue(1);
  }

  static Stream<Arguments> tasks() {
    return Stream.of(
        refused(task("t", Integer.MAX_VALUE, 1), "sliceDocuments is 1 but"),
        refused(meanTokens(1e15), "meanTokens is 1.0E15 but"),
        refused(meanTokens(Double.POSITIVE_INFINITY), "meanTokens is Infinity but"),
        refused(measuring(Aggregation.UNKNOWN, 0.5, 0.5), "acc aggregation is UNKNOWN but"),
        refused(measuring(Aggregation.MEAN, Double.NaN, 0.5), "acc target is NaN but"),
        refused(measuring(Aggregation.MEAN, 0.5, Double.NaN), "acc chance is NaN but"));
  }

  private static Arguments refused(TaskRegistered task, String reason) {
    return Arguments.of(Topic.TASKS, task.getTask(), task, reason);
  }

  private static TaskRegistered meanTokens(double meanTokens) {
    return TaskRegistered.newBuilder(task("t", 10, 10)).setMeanTokens(meanTokens).build();
  }

  private static TaskRegistered measuring(Aggregation aggregation, double target, double chance) {
    return TaskRegistered.newBuilder(task("t", 10, 10))
        .setMetrics(List.of(new MetricSpec("acc", aggregation, Direction.NEAREST, target, chance)))
        .build();
  }

  static Stream<Arguments> checkpoints() {
    CheckpointPublished good = checkpoint("b", 1);
    return Stream.of(
        refused(
            CheckpointPublished.newBuilder(good).setParent("base").build(),
            "\"base\" is not a checkpoint"),
        refused(
            CheckpointPublished.newBuilder(good).setParent("base|x@step1").build(),
            "model of parent \"base|x\" cannot be used"),
        refused(
            CheckpointPublished.newBuilder(good).setParameters(Long.MAX_VALUE).build(),
            "parameters is 9223372036854775807 but"),
        refused(
            CheckpointPublished.newBuilder(good).setSuite("two\nlines").build(), "suite \"two"));
  }

  private static Arguments refused(CheckpointPublished checkpoint, String reason) {
    return Arguments.of(Topic.CHECKPOINTS, Keys.of(checkpoint), checkpoint, reason);
  }

  static Stream<Arguments> sweeps() {
    return Stream.of(
        refused("", new SweepTask("sum", null, null), "dtype \"\" cannot be used"),
        refused(
            "float32|x", new SweepTask("sum", null, null), "dtype \"float32|x\" cannot be used"),
        refused("float32", new SweepTask("sum", null, -1), "shots is -1 but"),
        refused("float32", new SweepTask("a|b", null, null), "task \"a|b\" cannot be used"),
        refused(List.of(), "names no model"),
        refused(Collections.nCopies(1001, "*"), "the number of models is 1001 but"),
        refused(List.of("*?".repeat(201)), "the length of a model's pattern is 402 but"));
  }

  private static Arguments refused(String dtype, SweepTask task, String reason) {
    return refused(
        SweepRequested.newBuilder(STANDING).setTasks(List.of(task)).setDtype(dtype).build(),
        reason);
  }

  private static Arguments refused(List<String> models, String reason) {
    return refused(SweepRequested.newBuilder(STANDING).setModels(models).build(), reason);
  }

  private static Arguments refused(SweepRequested sweep, String reason) {
    return Arguments.of(Topic.SWEEPS, sweep.getSweep(), sweep, reason);
  }

  static Stream<Arguments> units() {
    UnitId unit = new UnitId("a|b@c", "sum", "v1", 0, "float32", 0, 1);
    String reason = "model of checkpoint \"a|b\" cannot be used";
    return Stream.of(
        Arguments.of(
            Topic.SCORES,
            Keys.of(unit),
            SliceScored.newBuilder()
                .setUnit(unit)
                .setMetrics(List.of(new MetricValues("acc", List.of(1.0), List.of())))
                .setFingerprint("f")
                .setRequest("r")
                .setAttempt(1)
                .setScorer("scorer-1")
                .setDevice("cpu")
                .setTokens(10L)
                .setSeconds(0.1)
                .setScoredAt(Mesh.START)
                .build(),
            reason),
        Arguments.of(
            Topic.FAILURES,
            Keys.of(unit),
            EvaluationFailed.newBuilder()
                .setUnit(unit)
                .setKind(FailureKind.PERMANENT)
                .setReason("broken")
                .setRemedy("mend it")
                .setAttempts(1)
                .setFailedAt(Mesh.START)
                .build(),
            reason),
        Arguments.of(
            Topic.FAILURES, Keys.of(unit), new RetryRequested(unit, "test", Mesh.START), reason));
  }

  static Stream<Arguments> reports() {
    return Stream.of(
        refused(reported(Double.POSITIVE_INFINITY, null, null), "acc target is Infinity but"),
        refused(reported(0.5, Double.POSITIVE_INFINITY, null), "stderr is Infinity but"),
        refused(reported(0.5, null, "base"), "\"base\" is not a checkpoint"),
        refused(
            ScoreReported.newBuilder(reported(0.5, null, null)).setSource("castalia").build(),
            "source is castalia but"),
        refused(
            ScoreReported.newBuilder(reported(0.5, null, null))
                .setDocuments(10)
                .setOfDocuments(9)
                .build(),
            "ofDocuments is 9 but"),
        refused(
            ScoreReported.newBuilder(reported(0.5, null, null)).setOfDocuments(9).build(),
            "ofDocuments is 9 but"));
  }

  private static Arguments refused(ScoreReported report, String reason) {
    return Arguments.of(Topic.REPORTED_SCORES, Keys.of(report), report, reason);
  }

  private static ScoreReported reported(double target, Double stderr, String parent) {
    return ScoreReported.newBuilder()
        .setCheckpoint(CheckpointPublished.newBuilder(checkpoint("b", 1)).setParent(parent).build())
        .setTask("sum")
        .setShots(0)
        .setMetric(new MetricSpec("acc", Aggregation.MEAN, Direction.NEAREST, target, null))
        .setValue(0.5)
        .setStderr(stderr)
        .setSource("paper")
        .setReportedAt(Mesh.START)
        .build();
  }
}
